import { useCallback, useEffect, useRef, useState } from 'react';
import type { Row } from './build';

/** So many rows are more than a screen. */
export const FIRST = 18;
/** So many are added whenever the reader comes near to the last that is drawn. */
const MORE = 40;
/** What counts as near. */
const NEAR = '300px';

/**
 * The part of the rows that is drawn: it begins with a screenful, at the end of
 * the thread or at the start of a past one, and grows as the reader goes on. What
 * is drawn once is not taken away under the reader; `drawEnd` is for who leaps to the end.
 */
export function useDrawn(rows: readonly Row[], past: boolean) {
  const [count, setCount] = useState(FIRST);
  const brink = useRef<HTMLDivElement>(null);
  const all = count >= rows.length;
  useEffect(() => {
    const e = brink.current;
    if (all || !e) return;
    const watch = new IntersectionObserver((seen) => {
      if (seen.some((s) => s.isIntersecting)) setCount((n) => n + MORE);
    }, { root: e.parentElement?.parentElement, rootMargin: NEAR });
    watch.observe(e);
    return () => watch.disconnect();
    // Each growth is looked at anew: one may not have been enough.
  }, [all, count]);
  const drawEnd = useCallback(() => setCount(past ? Infinity : FIRST), [past]);
  return { drawn: past ? rows.slice(0, count) : rows.slice(-count), brink, drawEnd };
}
