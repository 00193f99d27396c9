/** Where one is on a page of parts with records: the part, what is open and what is searched for are in the address. */
import { useLocation, useSearch } from 'wouter';

/** What is open for a new record. */
export const fresh = 'new';

export interface TabPlace<T extends string> {
  tab: T;
  /** An id, or «new»; empty is nothing. */
  open: string;
  query: string;
  hrefOf: (open: string, tab?: T) => string;
  show: (open: string, replace?: boolean) => void;
  search: (query: string) => void;
}

export function useTabPlace<T extends string>(base: string, tabs: readonly [T, ...T[]]): TabPlace<T> {
  const [path, navigate] = useLocation();
  const query = new URLSearchParams(useSearch()).get('q') ?? '';
  const [, , first = '', second = ''] = path.split('/');
  const tab = tabs.find((each) => each === first) ?? tabs[0];
  const address = (of: T, open: string, q: string) => `${base}/${of}${open && `/${encodeURIComponent(open)}`}${q && `?${new URLSearchParams({ q })}`}`;
  const open = decodeURIComponent(second);
  return {
    tab, open, query,
    hrefOf: (id, of = tab) => address(of, id, of === tab ? query : ''),
    show: (id, replace = false) => navigate(address(tab, id, query), { replace }),
    search: (q) => navigate(address(tab, open, q), { replace: true }),
  };
}
