/** The log of acts, as administrators see it. It is loaded with its page. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, queryOf } from './rest';

export interface Act {
  number: number;
  at: string;
  by: string;
  act: string;
  object: string;
  ip?: string;
  count?: number;
  digest: string;
}

export interface ActChange {
  field: string;
  before?: string;
  after?: string;
  hidden?: boolean;
}

export interface ActQuery {
  by: string;
  acts: readonly string[];
  object: string;
  /** Moments, as RFC 3339 writes them; empty for none. */
  from: string;
  until: string;
}

interface Page {
  items: Act[];
  next: string;
  head: string;
}

const root = '/api/v1/audit';

const told = (q: ActQuery) => ({ by: q.by || undefined, act: q.acts.join(',') || undefined, object: q.object || undefined, from: q.from || undefined, until: q.until || undefined });

/** The acts that were looked for, the latest first, page by page. */
export const useActs = (q: ActQuery) =>
  useInfiniteQuery({
    queryKey: ['audit', q],
    queryFn: ({ pageParam, signal }) => get<Page>(root, { ...told(q), before: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
  });

/** One act, and what it changed. */
export const useAct = (number: number) =>
  useQuery({ queryKey: ['audit', 'one', number], queryFn: () => get<Act & { changes: ActChange[] }>(`${root}/${number}`) });

export const actTable = (q: ActQuery, lang: string) => `${root}.csv${queryOf({ ...told(q), separator: 'semicolon', lang })}`;
export const actLines = (q: ActQuery) => `${root}.ndjson${queryOf(told(q))}`;
