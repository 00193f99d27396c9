/** Where one is among the users: all of it is in the address, so that a link shows the same. */
import { useLocation, useSearch } from 'wouter';
import { useMemo } from 'react';
import { pageSizes } from '../../kit/pages';

export const tabs = ['list', 'positions', 'providers'] as const;
export type Tab = (typeof tabs)[number];
export const fresh = 'new';

export interface Place {
  tab: Tab;
  /** The id of the open record, «new», or empty. */
  open: string;
  /** The open user is looked at as the server judges them. */
  view: boolean;
  search: string;
  sort: string;
  descending: boolean;
  /** From 1. */
  page: number;
  size: number;
}

export function placeOf(path: string, query: string): Place {
  const [, , tab = '', open = '', view = ''] = path.split('/');
  const said = new URLSearchParams(query);
  const sort = said.get('sort') ?? '';
  const size = Number(said.get('size'));
  return {
    tab: tabs.find((t) => t === tab) ?? 'list',
    open: decodeURIComponent(open),
    view: view === 'view',
    search: said.get('search') ?? '',
    sort: sort.replace(/^-/, '') || 'name',
    descending: sort.startsWith('-'),
    page: Math.max(1, Math.trunc(Number(said.get('page'))) || 1),
    size: pageSizes.find((s) => s === size) ?? 10,
  };
}

export function addressOf({ tab, open, view, search, sort, descending, page, size }: Place): string {
  const said = new URLSearchParams();
  if (search) said.set('search', search);
  if (sort !== 'name' || descending) said.set('sort', (descending ? '-' : '') + sort);
  if (page > 1) said.set('page', String(page));
  if (size !== 10) said.set('size', String(size));
  const query = said.toString();
  return `/users/${tab}${open && `/${encodeURIComponent(open)}${view ? '/view' : ''}`}${query && `?${query}`}`;
}

export type Go = (part: Partial<Place>, replace?: boolean) => void;

export function usePlace(): { place: Place; go: Go } {
  const [path, navigate] = useLocation();
  const query = useSearch();
  return useMemo(() => {
    const place = placeOf(path, query);
    return { place, go: (part, replace = false) => navigate(addressOf({ ...place, ...part }), { replace }) };
  }, [path, query, navigate]);
}

/** A press on a column sorts by it upwards, and once more downwards. */
export const sortedBy = (place: Place, column: string): Partial<Place> => ({ sort: column, descending: place.sort === column && !place.descending, page: 1 });
