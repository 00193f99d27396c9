/** The right panel: templates of answers, and hold phrases under them. */
import { useCallback, useEffect, useRef } from 'react';
import { desk } from '../../sync';
import { useText } from '../../i18n';
import { Hold } from './Hold';
import classes from './side.module.css';
import { Templates } from './Templates';
import { useTemplateKeys } from './useTemplateKeys';

interface Props {
  /** The open conversation; empty for none. */
  conversationId: string;
  /** Puts text at the cursor of the composer. */
  onInsert: (text: string) => void;
  /** A closed panel shows nothing; the keys of templates work all the same. */
  open?: boolean;
}

export function SidePanel({ conversationId, onInsert, open = true }: Props) {
  const { t } = useText();
  const idle = conversationId === '';
  const insert = useLatest(onInsert);
  const send = useLatest((text) => desk.reply(conversationId, { text, phrase: true }));
  useTemplateKeys(insert, idle);
  if (!open) return null;
  return (
    <aside className={classes.panel} aria-label={t('side.panel')}>
      <Templates onInsert={insert} idle={idle} />
      <Hold onSend={send} idle={idle} />
    </aside>
  );
}

/** The same function always, which calls the latest one. */
function useLatest(act: (text: string) => void): (text: string) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  }, [act]);
  return useCallback((text) => latest.current(text), []);
}
