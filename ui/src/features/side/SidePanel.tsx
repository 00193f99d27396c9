/** The right panel: templates of answers, and hold phrases under them. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCommands } from '../../kit';
import { desk, useSession } from '../../sync';
import { useText } from '../../i18n';
import { Hold } from './Hold';
import type { Insert } from './knowledge/insert';
import type { Part } from './knowledge/Parts';
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
  const knows = useSession().may('view_kb');
  const [part, setPart] = useState<Part>('templates');
  const wished = useWish(knows, () => setPart('knowledge'));
  const insert = useLatest(onInsert);
  const send = useLatest((text: string) => desk.reply(conversationId, { text, phrase: true }));
  useTemplateKeys(insert, idle);
  if (!open) return null;
  return (
    <aside className={classes.panel} aria-label={t('side.panel')}>
      {knows && !idle && (
        <Suspense fallback={null}>
          <Hints conversationId={conversationId} onInsert={insert} />
        </Suspense>
      )}
      {knows && (
        <Suspense fallback={null}>
          <Parts part={part} onPart={setPart} />
        </Suspense>
      )}
      {knows && part === 'knowledge' ? (
        <Suspense fallback={null}>
          <KnowledgeSearch key={conversationId} conversationId={conversationId} onInsert={insert} wished={wished} />
        </Suspense>
      ) : (
        <Templates onInsert={insert} idle={idle} />
      )}
      <Hold onSend={send} idle={idle} />
    </aside>
  );
}

const knowledge = () => import('./knowledge');
const Hints = lazy(() => knowledge().then(({ Hints: it }) => ({ default: it })));
const KnowledgeSearch = lazy(() => knowledge().then(({ KnowledgeSearch: it }) => ({ default: it })));
const Parts = lazy(() => knowledge().then(({ Parts: it }) => ({ default: it })));

/** How often the key of the knowledge base was pressed. */
function useWish(knows: boolean, show: () => void): number {
  const { t } = useText();
  const [wished, wish] = useState(0);
  const commands = useMemo(
    () => (knows ? [{ id: 'work.knowledge', label: t('side.kb.search'), group: t('side.panel'), run: () => { show(); wish((n) => n + 1); } }] : []),
    [t, knows],
  );
  useCommands(commands);
  return wished;
}

/** The same function always, which calls the latest one. */
function useLatest<A extends unknown[]>(act: (...of: A) => void): (...of: A) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  }, [act]);
  return useCallback((...of: A) => latest.current(...of), []);
}
