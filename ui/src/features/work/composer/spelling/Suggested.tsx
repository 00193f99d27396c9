/** What a word may have been to be, over the word. The focus stays in the field. */
import { useId, useLayoutEffect, useState, type RefObject } from 'react';
import { useText } from '../../../../i18n';
import { useActive, useKeys } from '../fieldKeys';
import field from '../composer.module.css';
import classes from './spelling.module.css';

interface Props {
  word: string;
  suggestions: string[];
  field: RefObject<HTMLTextAreaElement | null>;
  /** The underlined word. */
  mark: HTMLElement | null;
  /** Opened by a key: the first is chosen already. */
  byKey: boolean;
  onPick: (word: string) => void;
  onAdd: () => void;
  onClose: () => void;
}

export function Suggested({ word, suggestions, field: ref, mark, byKey, onPick, onAdd, onClose }: Props) {
  const { t } = useText();
  const id = useId();
  const [at, setAt] = useState(byKey ? 0 : -1);
  const last = suggestions.length;
  const pick = (i: number) => (i === last ? onAdd() : onPick(suggestions[i] ?? word));
  useKeys(ref, {
    ArrowDown: () => setAt(Math.min(at + 1, last)),
    ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Enter: at < 0 ? undefined : () => pick(at),
    Escape: onClose,
  });
  useActive(ref, id, at < 0 ? '' : `${id}-${at}`);
  const place = usePlace(mark, ref);

  const option = (i: number, text: string, more = '') => (
    // The keyboard picks by the field, which tells this one as its active descendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      key={i} id={`${id}-${i}`} role="option" aria-selected={i === at} tabIndex={-1} className={`${field.option} ${more}`}
      onMouseDown={(e) => e.preventDefault()} onClick={() => pick(i)}
    >
      {text}
    </div>
  );
  return (
    <div className={classes.suggested} style={place}>
      {last === 0 && <p className={field.none}>{t('work.spelling.nothing')}</p>}
      <div role="listbox" id={id} aria-label={t('work.spelling.list', { word })}>
        {suggestions.map((text, i) => option(i, text))}
        {option(last, t('work.spelling.add'), classes.add)}
      </div>
    </div>
  );
}

const WIDTH = 230;

/** Above the word, and not beyond the field. */
function usePlace(mark: HTMLElement | null, field: RefObject<HTMLTextAreaElement | null>) {
  const [place, setPlace] = useState({ left: 0, bottom: 0 });
  useLayoutEffect(() => {
    const f = field.current;
    if (!mark || !f) return undefined;
    const look = () => {
      const left = Math.max(0, Math.min(mark.offsetLeft, f.clientWidth - WIDTH));
      setPlace({ left, bottom: f.offsetHeight - Math.max(0, mark.offsetTop - f.scrollTop) + 2 });
    };
    look();
    f.addEventListener('scroll', look);
    return () => f.removeEventListener('scroll', look);
  }, [mark, field]);
  return place;
}
