/** The dialog of a conversation that is open, each loaded when it is first asked for. */
import { lazy, Suspense } from 'react';
import type { Key } from '../../../i18n';
import type { Conversation } from '../../../sync';
import type { Dialog } from '../useActs';

const CloseDialog = lazy(async () => ({ default: (await import('./CloseDialog')).CloseDialog }));
const GiveBackDialog = lazy(async () => ({ default: (await import('./GiveBackDialog')).GiveBackDialog }));
const NoteDialog = lazy(async () => ({ default: (await import('./NoteDialog')).NoteDialog }));
const SessionsDialog = lazy(() => import('../sessions/SessionsDialog'));
const TransferDialog = lazy(async () => ({ default: (await import('./TransferDialog')).TransferDialog }));

interface Props {
  open: Dialog;
  conversation: Conversation;
  /** The operator keeps it: otherwise it can only be read. */
  mine: boolean;
  onClose: () => void;
  /** The conversation is this operator's no more, and why. */
  onGone: (said: Key) => void;
}

export default function OpenDialog({ open, conversation, mine, onClose, onGone }: Props) {
  return (
    <Suspense>
      {open === 'sessions' && <SessionsDialog conversation={conversation} onClose={onClose} />}
      {mine && open === 'transfer' && <TransferDialog conversation={conversation} opened onClose={onClose} onDone={() => onGone('work.transfer.done')} />}
      {mine && open === 'note' && <NoteDialog conversationId={conversation.id} onClose={onClose} />}
      {mine && open === 'giveBack' && <GiveBackDialog conversationId={conversation.id} onClose={onClose} onDone={() => onGone('work.giveBack.done')} />}
      {mine && open === 'close' && <CloseDialog conversation={conversation} opened onClose={onClose} onDone={() => onGone('work.close.done')} />}
    </Suspense>
  );
}
