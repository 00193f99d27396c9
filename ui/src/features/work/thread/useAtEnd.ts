import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { newAfter, type Row } from './build';

/** So near to the end counts as the end. */
const NEAR = 48;

/**
 * Keeps a thread at its end while the reader is there. Above it the thread
 * stays where it is, and `fresh` counts what has come meanwhile.
 */
export function useAtEnd(list: RefObject<VirtualizerHandle | null>, rows: readonly Row[], starts: boolean) {
  const scroll = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(starts);
  const stays = useRef(starts);
  const read = useRef<string | undefined>(rows.at(-1)?.key);
  const count = rows.length;

  const jump = useCallback(() => {
    stays.current = true;
    setAtEnd(true);
    if (count > 0) list.current?.scrollToIndex(count - 1, { align: 'end' });
  }, [list, count]);

  const last = rows.at(-1);
  const mine = last?.is === 'message' && last.message.from === 'operator' && last.message.state === 'queued';
  useLayoutEffect(() => {
    // What I have just written is always shown.
    if (starts && (stays.current || mine)) jump();
  }, [jump, starts, mine]);

  useEffect(() => {
    if (atEnd) read.current = rows.at(-1)?.key;
  }, [atEnd, rows]);

  // Only the reader leaves the end: a change of sizes moves the thread too, and does not count.
  const before = useRef({ top: 0, height: 0, view: 0 });
  const onScroll = useCallback(() => {
    const e = scroll.current;
    if (!e || e.clientHeight === 0) return;
    const { scrollTop: top, scrollHeight: height, clientHeight: view } = e;
    const near = height - top - view < NEAR;
    const moved = height === before.current.height && view === before.current.view && top < before.current.top;
    before.current = { top, height, view };
    if (near) stays.current = true;
    else if (moved) stays.current = false;
    setAtEnd(near || stays.current);
  }, []);

  const onResize = useCallback(() => {
    if (stays.current && count > 0) list.current?.scrollToIndex(count - 1, { align: 'end' });
  }, [list, count]);

  return { scroll, atEnd: atEnd || count === 0, fresh: atEnd ? 0 : newAfter(rows, read.current), jump, onScroll, onResize };
}
