/** «Перевод»: to a line, an operator, a language, skills or another support channel. */
import { Button, Group, Modal, Stack, Tabs, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../../i18n';
import { Failure, Lines, useFocusBack } from '../../../kit';
import { TransferIcon } from '../../../kit/icons';
import { desk, transferTargets, type Conversation, type TransferTargets } from '../../../sync';
import { useWays, type Way } from './ways';
import { WayList } from './WayList';

interface Props {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function TransferDialog({ conversation, opened, onClose, onDone }: Props) {
  const { t } = useText();
  useFocusBack();
  return (
    <Modal opened={opened} onClose={onClose} title={t('work.transfer.title')} size={560} centered>
      <Loaded conversation={conversation} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}

function Loaded({ conversation, onClose, onDone }: Omit<Props, 'opened'>) {
  const { t } = useText();
  const { data, error, refetch } = useQuery({
    queryKey: ['transfer', conversation.id],
    queryFn: () => transferTargets(conversation.id),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: 10_000,
  });
  if (data) return <TransferForm conversation={conversation} targets={data} onClose={onClose} onDone={onDone} />;
  if (error) return <Failure problem={error} title={t('work.transfer.failed')} retry={() => void refetch()} />;
  return <Lines rows={6} height={28} />;
}

interface FormProps extends Omit<Props, 'opened'> {
  targets: TransferTargets;
}

export function TransferForm({ conversation, targets, onClose, onDone }: FormProps) {
  const { t } = useText();
  const ways = useWays(conversation, targets);
  const [tab, setTab] = useState<string | null>(ways[0]?.id ?? null);
  const way = ways.find((w) => w.id === tab);
  const [chosen, choose] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const target = way?.targets.find((x) => x.id === chosen && !x.reason);

  const submit = () => {
    if (!target || busy) return;
    setBusy(true);
    setProblem(undefined);
    desk.transfer(conversation.id, { ...target.to, note: note.trim() }).then(onDone, (thrown: unknown) => {
      setBusy(false);
      setProblem(thrown);
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        {ways.length === 0 && <Text size="sm">{t('work.transfer.nowhere')}</Text>}
        <WayTabs ways={ways} tab={tab} onTab={(next) => [setTab(next), choose('')]} chosen={chosen} onChoose={choose} />
        <Textarea
          label={t('work.transfer.note')} description={t('work.transfer.noteHint')} autosize minRows={3} maxRows={8} maxLength={32_000}
          value={note} onChange={(event) => setNote(event.currentTarget.value)}
        />
        {problem !== undefined && <Failure problem={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={!target} leftSection={<TransferIcon size={18} aria-hidden />}>
            {t('work.transfer')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface TabsProps {
  ways: Way[];
  tab: string | null;
  onTab: (tab: string | null) => void;
  chosen: string;
  onChoose: (id: string) => void;
}

function WayTabs({ ways, tab, onTab, chosen, onChoose }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  // The ways come a moment after the dialog: the focus waits for them.
  useEffect(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus(), []);
  return (
    <Tabs value={tab} onChange={onTab} keepMounted={false}>
      <Tabs.List ref={list}>
        {ways.map((w) => (
          <Tabs.Tab key={w.id} value={w.id}>{w.name}</Tabs.Tab>
        ))}
      </Tabs.List>
      {ways.map((w) => (
        <Tabs.Panel key={w.id} value={w.id} pt="sm">
          <WayList way={w} chosen={chosen} onChoose={onChoose} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
