/** Where one is in the knowledge base: all of it is in the address, so that a link shows the same. */

import { pageSizes } from '../../kit/pages';

export const tabs = ['articles', 'slots', 'types'] as const;
export type Tab = (typeof tabs)[number];

export interface Place {
  tab: Tab;
  /** The id of the open record, «new», or empty. */
  open: string;
  search: string;
  /** A column of the tab's table. */
  sort: string;
  descending: boolean;
  /** From 1. */
  page: number;
  size: number;
}

export const root = '/knowledge';
/** What customers answered in surveys stands beside the tables, at an address of its own. */
export const surveysAt = `${root}/surveys`;
const first: Place = { tab: 'articles', open: '', search: '', sort: '', descending: false, page: 1, size: 10 };
/** How a new record is asked for; ids are made otherwise. */
export const fresh = 'new';

export function placeOf(path: string, query: string): Place {
  const [, , tab = '', open = ''] = path.split('/');
  const said = new URLSearchParams(query);
  const sort = said.get('sort') ?? '';
  const size = Number(said.get('size'));
  return {
    tab: tabs.find((t) => t === tab) ?? first.tab,
    open: decodeURIComponent(open),
    search: said.get('search') ?? '',
    sort: sort.replace(/^-/, ''),
    descending: sort.startsWith('-'),
    page: Math.max(1, Math.trunc(Number(said.get('page'))) || 1),
    size: pageSizes.find((s) => s === size) ?? first.size,
  };
}

export function addressOf({ tab, open, search, sort, descending, page, size }: Place): string {
  const said = new URLSearchParams();
  if (search) said.set('search', search);
  if (sort) said.set('sort', (descending ? '-' : '') + sort);
  if (page > 1) said.set('page', String(page));
  if (size !== first.size) said.set('size', String(size));
  const query = said.toString();
  return `${root}/${tab}${open && `/${encodeURIComponent(open)}`}${query && `?${query}`}`;
}

/** Another table begins anew, with as many rows on a page as before. */
export const tabAt = (place: Place, tab: Tab): Place => ({ ...first, tab, size: place.size });

/** A press on a column sorts by it upwards, and once more downwards. */
export function sortedBy(place: Place, column: string): Place {
  const again = place.sort === column && !place.descending;
  return { ...place, sort: column, descending: again, page: 1 };
}
