/** The lines below wrong words: a copy of the field's text lies behind it, of which only they are seen. */
import { memo, useCallback, useEffect, useRef, type ReactNode, type RefObject } from 'react';
import type { Token } from './tokens';
import field from '../composer.module.css';
import classes from './spelling.module.css';

interface Props {
  text: string;
  wrong: Token[];
  field: RefObject<HTMLTextAreaElement | null>;
  /** Where the word begins whose list is open. */
  openAt: number | undefined;
  onMark: (mark: HTMLElement | null) => void;
}

export const Marks = memo(function Marks({ text, wrong, field: ref, openAt, onMark }: Props) {
  const copy = useRef<HTMLDivElement>(null);
  const some = wrong.length > 0;
  useEffect(() => {
    const f = ref.current;
    const c = copy.current;
    if (!f || !c) return undefined;
    const follow = () => {
      c.scrollTop = f.scrollTop;
    };
    follow();
    f.addEventListener('scroll', follow);
    return () => f.removeEventListener('scroll', follow);
  }, [ref, some, text]);
  const opened = useCallback(
    (mark: HTMLElement | null) => {
      const f = ref.current;
      if (mark && f) bringIntoSight(mark, f);
      onMark(mark);
    },
    [ref, onMark],
  );

  if (!some) return null;
  const shown: ReactNode[] = [];
  let done = 0;
  for (const { from, to } of wrong) {
    shown.push(text.slice(done, from), <span key={from} ref={from === openAt ? opened : undefined} className={classes.wrong}>{text.slice(from, to)}</span>);
    done = to;
  }
  // A line that is empty has its height by the space alone.
  return (
    <div ref={copy} aria-hidden className={`${field.copy} ${classes.marks}`}>
      {shown}
      {text.slice(done)}{' '}
    </div>
  );
});

function bringIntoSight(mark: HTMLElement, f: HTMLTextAreaElement): void {
  const above = mark.offsetTop < f.scrollTop;
  const below = mark.offsetTop + mark.offsetHeight > f.scrollTop + f.clientHeight;
  if (above || below) f.scrollTop = mark.offsetTop - f.clientHeight / 2;
}
