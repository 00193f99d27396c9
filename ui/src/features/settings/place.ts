/** Where one is: the part, whose settings and what is searched for stand in the address. */
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { go } from '../../kit/leaving';

export const tabs = ['form', 'changes', 'retention'] as const;
export type Tab = (typeof tabs)[number];

export interface Where {
  tab: Tab;
  /** Empty for the whole organisation. */
  center: string;
  query: string;
  /** The night whose certificate is open. */
  night?: string;
}

export function whereOf(path: string, search: string): Where {
  const asked = new URLSearchParams(search);
  const [, , part, night = ''] = path.split('/');
  return { tab: tabs.find((tab) => tab === part) ?? 'form', center: asked.get('center') ?? '', query: asked.get('q') ?? '', night: part === 'retention' ? night : '' };
}

export function addressOf({ tab, center, query, night }: Where): string {
  const asked = new URLSearchParams();
  if (center) asked.set('center', center);
  if (query) asked.set('q', query);
  const text = asked.toString();
  return `/settings${tab === 'form' ? '' : `/${tab}`}${tab === 'retention' && night ? `/${night}` : ''}${text && `?${text}`}`;
}

export function useWhere() {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const where = useMemo(() => whereOf(path, search), [path, search]);
  return {
    where,
    /** Another place: what is unsaved is asked about. */
    show: (part: Partial<Where>) => go(addressOf({ ...where, ...part })),
    /** Opens a night, or closes it. */
    open: (night: string) => navigate(addressOf({ ...where, night }), { replace: true }),
    /** Another search leaves nothing. */
    find: (query: string) => navigate(addressOf({ ...where, query }), { replace: true }),
  };
}
