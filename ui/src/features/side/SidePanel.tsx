/** The right panel: templates of answers, and hold phrases under them. */
import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCommands } from '../../kit';
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
          <Knowledge conversationId={conversationId} onInsert={insert} />
        </Suspense>
      )}
      {knows && <Parts part={part} onPart={setPart} />}
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

const Knowledge = lazy(() => import('./knowledge'));
const KnowledgeSearch = lazy(() => import('./knowledge/KnowledgeSearch'));

type Part = 'templates' | 'knowledge';

function Parts({ part, onPart }: { part: Part; onPart: (part: Part) => void }) {
  const { t } = useText();
  const parts = [{ value: 'templates', label: t('side.templates.short') }, { value: 'knowledge', label: t('side.kb') }];
  return (
    <div className={classes.parts}>
      <SegmentedControl fullWidth size="xs" aria-label={t('side.parts')} data={parts} value={part} onChange={(value) => onPart(value as Part)} />
    </div>
  );
}

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
