/** A word among colleagues: it stands in the thread and never goes to the customer. */
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { Failure } from '../../../kit';
import { desk } from '../../../sync';

export function NoteDialog({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const { t } = useText();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const submit = () => {
    if (text.trim() === '') return;
    setBusy(true);
    setProblem(undefined);
    desk.note(conversationId, text.trim()).then(onClose, (p: unknown) => {
      setProblem(p);
      setBusy(false);
    });
  };
  return (
    <Modal opened onClose={onClose} title={t('work.note.add')} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Textarea
            label={t('work.note.text')} description={t('work.note.hint')} value={text} autosize minRows={3} maxRows={10} maxLength={32_000} data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {problem !== undefined && <Failure problem={problem} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
            <Button type="submit" loading={busy} disabled={text.trim() === ''}>{t('work.note.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
