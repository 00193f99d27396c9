/** The right panel: templates of answers, and hold phrases under them. */
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { desk, useSession } from '../../sync';
import { useText } from '../../i18n';
import { Hold } from './Hold';
import type { Insert } from './knowledge/insert';
import classes from './side.module.css';
import { Templates } from './Templates';
import { useTemplateKeys } from './useTemplateKeys';

interface Props {
  /** The open conversation; empty for none. */
  conversationId: string;
  /** Puts text at the cursor of the composer. */
  onInsert: Insert;
  /** A closed panel shows nothing; the keys of templates work all the same. */
  open?: boolean;
}

export function SidePanel({ conversationId, onInsert, open = true }: Props) {
  const { t } = useText();
  const idle = conversationId === '';
  const { may } = useSession();
  const insert = useLatest(onInsert);
  const send = useLatest((text: string) => desk.reply(conversationId, { text, phrase: true }));
  useTemplateKeys(insert, idle);
  if (!open) return null;
  return (
    <aside className={classes.panel} aria-label={t('side.panel')}>
      {may('view_kb') && !idle && (
        <Suspense fallback={null}>
          <Knowledge conversationId={conversationId} onInsert={insert} />
        </Suspense>
      )}
      <Templates onInsert={insert} idle={idle} />
      <Hold onSend={send} idle={idle} />
    </aside>
  );
}

const Knowledge = lazy(() => import('./knowledge'));

/** The same function always, which calls the latest one. */
function useLatest<A extends unknown[]>(act: (...of: A) => void): (...of: A) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  }, [act]);
  return useCallback((...of: A) => latest.current(...of), []);
}
