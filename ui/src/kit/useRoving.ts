/**
 * One tab stop for many things: arrows, Home and End move among them. Put the
 * props on the element around; each thing has the attribute `data-roving`.
 */
import { useCallback, useEffect, useRef, type KeyboardEvent, type FocusEvent } from 'react';

type Way = 'vertical' | 'horizontal';

const steps: Record<Way, Record<string, number>> = {
  vertical: { ArrowUp: -1, ArrowDown: 1 },
  horizontal: { ArrowLeft: -1, ArrowRight: 1 },
};

export function useRoving<T extends HTMLElement>(way: Way = 'vertical') {
  const ref = useRef<T>(null);

  // Things come and go: exactly one of them always takes the tab.
  useEffect(() => {
    const all = things(ref.current);
    const kept = all.find((e) => e.tabIndex === 0 && e.dataset.rovingKept) ?? all.find((e) => e.ariaCurrent || e.ariaSelected === 'true');
    settle(all, kept ?? all[0]);
  });

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const all = things(ref.current);
      const at = all.indexOf(document.activeElement as HTMLElement);
      const next = all[target(event.key, at, all.length, way)];
      if (at < 0 || !next || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      next.focus();
    },
    [way],
  );

  const onFocus = useCallback((event: FocusEvent) => {
    const all = things(ref.current);
    const at = all.find((e) => e === event.target);
    if (at) settle(all, at);
  }, []);

  return { ref, onKeyDown, onFocus };
}

/** Where a key leads from a place among n; −1 if nowhere. */
export function target(key: string, at: number, n: number, way: Way): number {
  if (key === 'Home') return 0;
  if (key === 'End') return n - 1;
  const step = steps[way][key];
  return step === undefined ? -1 : Math.min(Math.max(at + step, 0), n - 1);
}

function things(root: HTMLElement | null): HTMLElement[] {
  return root ? [...root.querySelectorAll<HTMLElement>('[data-roving]')] : [];
}

function settle(all: HTMLElement[], kept: HTMLElement | undefined): void {
  for (const e of all) {
    e.tabIndex = e === kept ? 0 : -1;
    if (e === kept) e.dataset.rovingKept = 'yes';
    else delete e.dataset.rovingKept;
  }
}
