/** The tab «Обращение»: the note of a transfer, the thread, the composer. */
import { lazy, Suspense, useCallback, useEffect, useImperativeHandle, useRef, type ComponentRef, type Ref } from 'react';
import { useText } from '../../i18n';
import { desk, type Conversation } from '../../sync';
import { Composer } from './composer/Composer';
import { HoldBar } from './composer/HoldBar';
import { FileDrop } from './composer/FileDrop';
import { freshNote } from './thread/build';
import { NoteCard } from './thread/NoteCard';
import { Thread } from './thread/Thread';
import { TypingLine } from './thread/TypingLine';
import type { ComposerHandle } from './tools';
import classes from './work.module.css';

export type PaneHandle = ComposerHandle;

/** Few conversations have one. */
const SurveyBar = lazy(() => import('./composer/SurveyBar'));

export function DialogPane({ conversation, mine, ref }: { conversation: Conversation; mine: boolean; ref?: Ref<PaneHandle> }) {
  const composer = useRef<ComponentRef<typeof Composer>>(null);
  useImperativeHandle(ref, () => ({
    insert: (text, of) => composer.current?.insert(text, of),
    focus: () => composer.current?.focus(),
    openChannels: () => composer.current?.openChannels(),
  }), []);
  const attach = useCallback((files: File[]) => composer.current?.attach(files), []);
  const last = conversation.items.findLast((item) => item.is === 'message' && item.message.from === 'customer');
  useSeen(conversation.id, last?.is === 'message' ? last.message.id : '', mine);
  const note = mine ? freshNote(conversation) : undefined;
  return (
    <FileDrop onFiles={attach} disabled={!mine} className={classes.dialog}>
      {note && <NoteCard note={note} pinned />}
      <Thread conversation={conversation} />
      {mine ? (
        <>
          <TypingLine conversationId={conversation.id} />
          {conversation.survey && (
            <Suspense fallback={null}>
              <SurveyBar conversationId={conversation.id} survey={conversation.survey} />
            </Suspense>
          )}
          {conversation.hold && <HoldBar conversationId={conversation.id} hold={conversation.hold} />}
          <Composer
            ref={composer} conversationId={conversation.id} customerId={conversation.customerId} kind={conversation.kind}
            lastAccountId={conversation.lastAccountId} lastAddress={conversation.lastAddress}
            lastIn={last?.at ?? 0}
          />
        </>
      ) : (
        <Gone phase={conversation.phase} />
      )}
    </FileDrop>
  );
}

/** The operator keeps the conversation no more. */
function Gone({ phase }: { phase: Conversation['phase'] }) {
  const { t } = useText();
  return (
    <p className={classes.gone} role="status">
      {t(phase === 'closed' ? 'work.gone.closed' : 'work.gone.left')}
    </p>
  );
}

/** The customer learns that an open dialog has been seen, while its page is looked at. */
function useSeen(conversationId: string, id: string, mine: boolean): void {
  useEffect(() => {
    if (!mine || !id) return;
    const tell = () => {
      if (document.visibilityState === 'visible') desk.seen(conversationId, id);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [conversationId, id, mine]);
}
