/** A template made or changed in place, by who may change the configuration. */
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useText } from '../../i18n';
import { Failure, Lines, say, useFocusBack } from '../../kit';
import { problemOf, queryClient, useWorkplace, type Problem } from '../../sync';
import { readTemplate, saveTemplate, type Template, type Wish } from './templates';

interface Props {
  /** The one to change; a new one without it. */
  template?: Template;
  onClose: () => void;
}

type Read = Awaited<ReturnType<typeof readTemplate>>;

export function TemplateDialog({ template, onClose }: Props) {
  const { t } = useText();
  const id = template?.templateId ?? '';
  useFocusBack();
  // What was read long ago may have been changed since.
  const { data, error, refetch } = useQuery({
    queryKey: ['template', id], queryFn: () => readTemplate(id), enabled: id !== '', staleTime: 0, gcTime: 0,
  }, queryClient);
  return (
    <Modal opened onClose={onClose} title={t(id ? 'side.template.edit' : 'side.template.new')} size="lg" closeButtonProps={{ 'aria-label': t('kit.close') }}>
      {id === '' || data ? (
        <Form id={id} read={data} onClose={onClose} />
      ) : error ? (
        <Failure problem={error} retry={() => void refetch()} />
      ) : (
        <Lines rows={4} height={32} />
      )}
    </Modal>
  );
}

function Form({ id, read, onClose }: { id: string; read: Read | undefined; onClose: () => void }) {
  const { t } = useText();
  const form = useTemplate(id, read, onClose);
  const { centers } = useWorkplace();
  const needed = (text: string) => form.tried && text.trim() === '' && t('side.template.required');
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={t('side.template.title')}
          withAsterisk
          value={form.wish.title}
          onChange={(event) => form.change({ title: event.currentTarget.value })}
          error={needed(form.wish.title)}
          data-autofocus
        />
        <Textarea
          label={t('side.template.text')}
          withAsterisk
          autosize
          minRows={5}
          maxRows={14}
          value={form.wish.text}
          onChange={(event) => form.change({ text: event.currentTarget.value })}
          error={needed(form.wish.text)}
        />
        {centers.length > 1 && (
          <Select
            label={t('side.template.center')}
            data={[{ value: '', label: t('side.template.everybody') }, ...centers.map((c) => ({ value: c.centerId, label: c.name }))]}
            value={form.wish.centerId}
            onChange={(centerId) => form.change({ centerId: centerId ?? '' })}
            allowDeselect={false}
          />
        )}
        {form.problem && <Failure problem={form.problem} title={t('side.template.failed')} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
          <Button type="submit" loading={form.busy}>{t('side.template.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function useTemplate(id: string, read: Read | undefined, onClose: () => void) {
  const { t } = useText();
  const [wish, setWish] = useState<Wish>({ title: read?.title ?? '', text: read?.text ?? '', centerId: read?.center_id ?? '' });
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wish.title.trim() || !wish.text.trim()) return;
    setBusy(true);
    setProblem(null);
    try {
      await saveTemplate(id, wish, read);
      say(t('side.template.saved'));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };
  return { wish, change: (part: Partial<Wish>) => setWish({ ...wish, ...part }), tried, busy, problem, submit };
}
