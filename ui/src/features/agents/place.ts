/** Where one is on the page: all of it is in the address, so that a link shows the same. */
import { useLocation } from 'wouter';

export const tabs = ['list', 'chains', 'hours'] as const;
export type Tab = (typeof tabs)[number];

export interface Place {
  tab: Tab;
  /** What is open: an id, or «new»; empty is nothing. */
  open: string;
}

export const fresh = 'new';

export function placeOf(path: string): Place {
  const [, , tab = '', open = ''] = path.split('/');
  return { tab: tabs.find((t) => t === tab) ?? 'list', open: decodeURIComponent(open) };
}

export function addressOf({ tab, open }: Place): string {
  return `/agents/${tab}${open && `/${encodeURIComponent(open)}`}`;
}

export function usePlace() {
  const [path, navigate] = useLocation();
  const place = placeOf(path);
  return { place, show: (open: string, replace = false) => navigate(addressOf({ ...place, open }), { replace }) };
}
