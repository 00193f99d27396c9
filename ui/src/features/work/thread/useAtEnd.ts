import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { newAfter, type Row } from './build';

/** So near to the end counts as the end. */
const NEAR = 48;

/**
 * Keeps a thread at its end while the reader is there. Above it the thread
 * stays where it is, and `fresh` counts what has come meanwhile.
 *
 * A thread that `starts` at its end is laid out from there: its place is counted
 * from the end, so that what comes above moves nothing, nor does a change of size.
 */
export function useAtEnd(rows: readonly Row[], starts: boolean, drawEnd: () => void) {
  const scroll = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(starts);
  const last = rows.at(-1);
  const read = useRef(last?.key);
  const place = usePlaceKept(scroll, last?.key, starts && !atEnd);

  const jump = useCallback(() => {
    setAtEnd(true);
    if (starts) drawEnd();
    else flushSync(drawEnd);
    const e = scroll.current;
    if (e) e.scrollTop = starts ? 0 : e.scrollHeight;
  }, [starts, drawEnd]);

  const mine = last?.is === 'message' && last.message.from === 'operator' && last.message.state === 'queued';
  useLayoutEffect(() => {
    // What I have just written is always shown.
    if (starts && mine) jump();
  }, [jump, starts, mine, last?.key]);

  useEffect(() => {
    if (atEnd) read.current = last?.key;
  }, [atEnd, last?.key]);

  const onScroll = useCallback(() => {
    const e = scroll.current;
    if (!e || e.clientHeight === 0) return;
    const left = starts ? -e.scrollTop : e.scrollHeight - e.scrollTop - e.clientHeight;
    setAtEnd(left < NEAR);
    place();
  }, [starts, place]);

  // What is past has no news, and may be in sight as a whole.
  useLayoutEffect(() => {
    if (!starts) onScroll();
  }, [starts, onScroll, rows]);

  return { scroll, atEnd: atEnd || rows.length === 0, fresh: atEnd || !starts ? 0 : newAfter(rows, read.current), jump, onScroll };
}

/** What comes at the end does not move what is read above it. The answer notes the present height. */
function usePlaceKept(scroll: RefObject<HTMLDivElement | null>, last: string | undefined, above: boolean) {
  const height = useRef(0);
  useLayoutEffect(() => {
    const e = scroll.current;
    if (!above || !e || height.current === 0) return;
    e.scrollTop -= e.scrollHeight - height.current;
    // oxlint-disable-next-line react/exhaustive-deps
  }, [last]);
  return useCallback(() => {
    height.current = scroll.current?.scrollHeight ?? 0;
  }, [scroll]);
}
