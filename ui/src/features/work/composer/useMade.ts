import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Attachment, Choice, Draft } from '../../../sync';
import type { MadeOf } from '../tools';

export interface Made {
  /** Text of an article has been put into the field. */
  take: (text: string, of: MadeOf) => void;
  /** What goes along with the message that is sent; the next one has nothing of it. */
  leave: (text: string) => { choice?: Choice };
}

/** Remembers the article that the draft was made of. A field that was emptied is made of nothing. */
export function useMade(draft: Draft, setDraft: (d: Draft) => void): Made {
  const made = useRef<{ text: string; choice: Choice } | null>(null);
  const [files, bring] = useState<Attachment[]>([]);
  useEffect(() => {
    if (files.length === 0) return;
    bring([]);
    const held = new Set(draft.attachments.map((a) => a.blob));
    setDraft({ ...draft, attachments: [...draft.attachments, ...files.filter((a) => !held.has(a.blob))] });
  }, [files, draft, setDraft]);
  const empty = draft.text === '';
  useEffect(() => {
    if (empty) made.current = null;
  }, [empty]);
  const take = useCallback((text: string, { choice, attachments }: MadeOf) => {
    made.current = { text, choice };
    if (attachments.length > 0) bring(attachments);
  }, []);
  const leave = useCallback((text: string) => {
    const { current } = made;
    made.current = null;
    return current ? { choice: { ...current.choice, edited: text !== current.text.trim() } } : {};
  }, []);
  return useMemo(() => ({ take, leave }), [take, leave]);
}
