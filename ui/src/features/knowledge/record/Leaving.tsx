/** Asks before a form with something unsaved is left. */
import { ConfirmDialog, leaveAnyway, stay, useLeaving } from '../../../kit';
import { useWords } from '../text';

export function Leaving() {
  const { t } = useWords();
  const asked = useLeaving((s) => s.wish !== null);
  return (
    <ConfirmDialog
      opened={asked} danger title={t('kb.leave.title')} text={t('kb.leave.text')} confirm={t('kb.leave')} onConfirm={leaveAnyway} onCancel={stay}
    />
  );
}
