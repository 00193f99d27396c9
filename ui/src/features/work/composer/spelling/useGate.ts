/** Where the center wants no errors, a message with one is kept back: the screen knows which words are still being typed. */
import { useEffect, useRef, type RefObject } from 'react';
import { useText } from '../../../../i18n';
import { complain } from '../../../../kit';
import { ask } from './book';
import type { Token } from './tokens';
import type { Checked } from './useWrong';

/** Whether a message may go now. One that must wait for an answer is sent again by itself. */
export type Gate = () => boolean;

interface Wish {
  field: RefObject<HTMLTextAreaElement | null>;
  checked: Checked;
  language: string;
  forbids: boolean;
  gate: RefObject<Gate | undefined>;
  /** Why the message would be kept back. */
  onBlock: (reason: string | undefined) => void;
  goTo: (token: Token) => void;
}

export function useGate({ field, checked, language, forbids, gate, onBlock, goTo }: Wish): void {
  const { t } = useText();
  const unasked = useRef('');
  const waits = useRef(false);
  const reason = forbids && checked.wrong.length > 0 ? t('work.spelling.blocked', { count: checked.wrong.length }) : undefined;
  useEffect(() => onBlock(reason), [onBlock, reason]);

  useEffect(() => {
    gate.current = () => {
      const f = field.current;
      if (!f || !forbids) return true;
      const text = f.value;
      const missing = checked.missing(text);
      if (missing.length > 0 && unasked.current !== text) {
        if (waits.current) return false;
        waits.current = true;
        // Who can't be asked keeps nothing back.
        void ask(missing, language).catch(() => {
          unasked.current = text;
        }).then(() => {
          waits.current = false;
          f.form?.requestSubmit();
        });
        return false;
      }
      const [first, ...more] = checked.all(text);
      if (!first) return true;
      complain(t('work.spelling.blocked', { count: more.length + 1 }));
      goTo(first);
      return false;
    };
    return () => {
      gate.current = undefined;
    };
  }, [field, checked, language, forbids, gate, goTo, t]);
  useEffect(() => () => onBlock(undefined), [onBlock]);
}
