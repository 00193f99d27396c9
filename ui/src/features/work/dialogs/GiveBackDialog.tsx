/** «Вернуть в очередь»: somebody else takes it, in the place it had. */
import { useState } from 'react';
import { useText } from '../../../i18n';
import { ConfirmDialog, Failure } from '../../../kit';
import { desk } from '../../../sync';

export function GiveBackDialog({ conversationId, onClose, onDone }: { conversationId: string; onClose: () => void; onDone: () => void }) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const confirm = () => {
    setBusy(true);
    desk.giveBack(conversationId).then(onDone, (p: unknown) => {
      setProblem(p);
      setBusy(false);
    });
  };
  return (
    <ConfirmDialog
      opened title={t('work.giveBack')} text={t('work.giveBack.text')} confirm={t('work.giveBack.confirm')} busy={busy} onConfirm={confirm} onCancel={onClose}
    >
      {problem !== undefined && <Failure problem={problem} />}
    </ConfirmDialog>
  );
}
