import type { WallCounters, WallList, WallNews, WallRows } from './wallframe';
import { wallLists } from './wallframe';

/*
 * The wall is what its frames tell, one after the other. The fold is pure: a
 * list that a frame does not touch stays the same, and so does every row that
 * is told again as it was; a view compares by identity.
 */

export type WallTable<L extends WallList> = ReadonlyMap<string, WallRows[L]>;

export type WallTables = { [L in WallList]: WallTable<L> };

export interface WallState extends WallTables {
  /** Something has been told, to its end. */
  ready: boolean;
  /** Of when it is. */
  at: number;
  counters: WallCounters;
}

export const emptyWall: WallState = {
  ready: false, at: 0, counters: { waiting: 0, online: 0, automatic: 0, failures: 0, served: 0 },
  operators: new Map(), conversations: new Map(), channels: new Map(), failures: new Map(), alerts: new Map(),
};

/** The wall after one more frame. It is not to be shown while more of the same moment follows. */
export function foldWall(before: WallState, news: WallNews): WallState {
  const next = { ...before, at: news.at, ready: before.ready || !news.more, counters: news.counters ?? before.counters };
  for (const name of wallLists) Object.assign(next, { [name]: listAfter(before[name], news, name) });
  return next;
}

function listAfter<L extends WallList>(before: WallTable<L>, news: WallNews, name: L): WallTable<L> {
  const rows: readonly WallRows[L][] = news.rows[name];
  const gone = news.gone[name];
  if (!news.full && rows.length === 0 && gone.length === 0) return before;
  const next = new Map(news.full ? [] : before);
  for (const id of gone) next.delete(id);
  for (const row of rows) {
    const held = before.get(row.id);
    next.set(row.id, held && same(held, row) ? held : row);
  }
  return next;
}

/** Rows are small and flat, and are written in one order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
