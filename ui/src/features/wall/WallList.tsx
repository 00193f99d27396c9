/** Everything as one list that is one tab stop. Only the rows that are seen are drawn. */
import { useCallback, useEffect, useImperativeHandle, useRef, useState, type FocusEvent, type KeyboardEvent, type Ref } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { Row } from './arrange';
import type { Part } from './place';
import { WallRow } from './Rows';
import { useWords } from './text';
import classes from './wall.module.css';

interface Props {
  rows: readonly Row[];
  current: string;
  filtered: boolean;
  hrefOf: (id: string) => string;
  open: (id: string) => void;
  turn: (part: Part) => void;
  ref?: Ref<ListHandle>;
}

export interface ListHandle {
  /** Goes to the head of a part. */
  show: (part: Part) => void;
}

export function WallList({ rows, current, filtered, hrefOf, open, turn, ref }: Props) {
  const { t } = useWords();
  const list = useRef<VListHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  const [kept, keep] = useState('');
  const now = useRef(rows);
  now.current = rows;
  const stop = stopOf(rows, kept, current);

  const go = useCallback((at: number) => {
    const row = now.current[at];
    if (!row) return;
    keep(row.key);
    list.current?.scrollToIndex(at, { align: row.is === 'part' ? 'start' : 'nearest' });
    // A row far away is drawn after the scrolling.
    requestAnimationFrame(() => stopIn(root.current?.querySelector(`[data-key="${CSS.escape(row.key)}"]`))?.focus());
  }, []);
  useImperativeHandle(ref, () => ({ show: (part) => go(now.current.findIndex((row) => row.is === 'part' && row.part === part)) }), [go]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !stopIn(rowOf(event.target))) return;
    const at = target(event.key, rows, rows.findIndex((row) => row.key === rowOf(event.target)?.dataset.key));
    if (at === undefined) return;
    event.preventDefault();
    go(at);
  };
  const onFocus = (event: FocusEvent) => {
    const key = rowOf(event.target)?.dataset.key;
    if (key) keep(key);
  };
  useFocusKept(root, rows, stop);

  return (
    <div ref={root} className={classes.list} role="region" aria-label={t('wall.list')} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={list} itemSize={44} data={rows as Row[]} keepMounted={stop ? [rows.findIndex((row) => row.key === stop)] : undefined} className={classes.scroll}>
        {(row) => (
          <div key={row.key} data-key={row.key} className={classes.row}>
            <WallRow row={row} current={row.is === 'conversation' && row.id === current} tabbable={row.key === stop} filtered={filtered} hrefOf={hrefOf} open={open} turn={turn} />
          </div>
        )}
      </VList>
    </div>
  );
}

/** A row moves from part to part: who was on it by the keyboard stays on the list when it is drawn anew. */
function useFocusKept(root: React.RefObject<HTMLDivElement | null>, rows: readonly Row[], stop: string): void {
  const inside = useRef(false);
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const note = () => {
      // A row that goes away leaves the focus to nobody, without a word.
      if (document.activeElement !== document.body) inside.current = element.contains(document.activeElement);
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [root]);
  useEffect(() => {
    if (!inside.current || document.activeElement !== document.body) return;
    stopIn(root.current?.querySelector(`[data-key="${CSS.escape(stop)}"]`))?.focus();
  }, [root, rows, stop]);
}

function stopOf(rows: readonly Row[], kept: string, current: string): string {
  const one = rows.find((row) => row.key === kept && isStop(row)) ?? rows.find((row) => row.is === 'conversation' && row.id === current) ?? rows[0];
  return one?.key ?? '';
}

const isStop = (row: Row) => row.is !== 'nothing';
const rowOf = (e: EventTarget) => (e instanceof Element ? e.closest<HTMLElement>('[data-key]') : null);
const stopIn = (row: Element | null | undefined) => row?.querySelector<HTMLElement>('[data-stop]');

/** Where a key leads. */
export function target(key: string, rows: readonly Row[], from: number): number | undefined {
  const step = (at: number, by: number): number | undefined => {
    for (let n = at; n >= 0 && n < rows.length; n += by) if (isStop(rows[n]!)) return n;
    return undefined;
  };
  switch (key) {
    case 'Home': return step(0, 1);
    case 'End': return step(rows.length - 1, -1);
    case 'ArrowDown': return from < 0 ? undefined : step(from + 1, 1);
    case 'ArrowUp': return from < 0 ? undefined : step(from - 1, -1);
    case 'PageDown': return from < 0 ? undefined : step(Math.min(from + 10, rows.length - 1), -1);
    case 'PageUp': return from < 0 ? undefined : step(Math.max(from - 10, 0), 1);
    default: return undefined;
  }
}
