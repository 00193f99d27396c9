/** A template is deleted for everybody, so that it is asked for first. */
import { useState } from 'react';
import { useText } from '../../i18n';
import { complain, ConfirmDialog, say, useFocusBack, useReason } from '../../kit';
import { removeTemplate, type Template } from './templates';

export function Removing({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t } = useText();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const remove = async () => {
    setBusy(true);
    try {
      await removeTemplate(template.templateId);
      say(t('side.template.removed'));
      onClose();
    } catch (problem) {
      complain(reason(problem));
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      opened
      danger
      busy={busy}
      title={t('side.template.remove.title')}
      text={t('side.template.remove.text', { title: template.title })}
      confirm={t('side.template.remove')}
      onConfirm={remove}
      onCancel={onClose}
    />
  );
}
