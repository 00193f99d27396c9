/** The word whose list is open: by a click upon it, or by the key of the registry. */
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useText } from '../../../../i18n';
import { say, useCommands } from '../../../../kit';
import type { Token } from './tokens';

export interface Shown {
  token: Token;
  byKey: boolean;
}

interface Place {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  caret: number;
  /** Where the cursor has been put: React hears of a mouse and of keys alone. */
  onCaret: (caret: number) => void;
}

/** The list is gone as soon as the text is another, or the cursor is elsewhere. */
export function useList({ field, text, caret, onCaret }: Place, wrong: Token[]) {
  const [at, setAt] = useState<{ from: number; text: string; byKey: boolean }>();
  const now = useRef({ wrong, text });
  now.current = { wrong, text };
  const close = useCallback(() => setAt(undefined), []);
  const open = useCallback((token: Token, byKey: boolean) => setAt({ from: token.from, text: now.current.text, byKey }), []);
  /** Goes to a word, by a key or because it keeps the message back. */
  const goTo = useCallback((token: Token) => {
    const f = field.current;
    f?.focus();
    f?.setSelectionRange(token.from, token.to);
    onCaret(token.from);
    open(token, true);
  }, [field, onCaret, open]);
  useClick(field, now, open, close);
  useKey(field, now, goTo);

  const token = at && at.text === text ? wrong.find(({ from }) => from === at.from) : undefined;
  const shown: Shown | undefined = at && token && holds(token, caret) ? { token, byKey: at.byKey } : undefined;
  return { shown, goTo, close };
}

type Now = RefObject<{ wrong: Token[] }>;
type Open = (token: Token, byKey: boolean) => void;

function useClick(field: RefObject<HTMLTextAreaElement | null>, now: Now, open: Open, close: () => void): void {
  useEffect(() => {
    const f = field.current;
    if (!f) return undefined;
    const onClick = () => {
      const token = f.selectionStart === f.selectionEnd && now.current.wrong.find((each) => holds(each, f.selectionStart));
      if (token) open(token, false);
      else close();
    };
    f.addEventListener('click', onClick);
    f.addEventListener('blur', close);
    return () => {
      f.removeEventListener('click', onClick);
      f.removeEventListener('blur', close);
    };
  }, [field, now, open, close]);
}

/** The key opens the word at the cursor, or else the next one. */
function useKey(field: RefObject<HTMLTextAreaElement | null>, now: Now, goTo: (token: Token) => void): void {
  const { t } = useText();
  const commands = useMemo(() => {
    const run = () => {
      const f = field.current;
      const { wrong } = now.current;
      const token = f && (wrong.find((each) => holds(each, f.selectionStart)) ?? wrong.find(({ from }) => from > f.selectionStart) ?? wrong[0]);
      if (token) goTo(token);
      else say(t('work.spelling.none'));
    };
    return [{ id: 'work.spelling', group: t('work.group'), label: t('work.spelling'), run }];
  }, [t, field, now, goTo]);
  useCommands(commands);
}

function holds({ from, to }: Token, caret: number): boolean {
  return from <= caret && caret <= to;
}
