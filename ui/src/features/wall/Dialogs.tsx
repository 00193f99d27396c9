/** What is asked before something is done. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ConfirmDialog } from '../../kit/Confirm';
import { useFocusBack } from '../../kit/useFocusBack';
import { useWall, type WallConversation, type WallOperator } from '../../sync/wall';
import type { Asked } from './acts';
import { useWords } from './text';

export interface Does {
  offline: (operator: WallOperator) => Promise<boolean>;
  assign: (conversation: WallConversation, operatorId: string) => Promise<boolean>;
  prioritize: (conversation: WallConversation, priority: number) => Promise<boolean>;
  discard: (failureId: string) => Promise<boolean>;
}

interface Props {
  asked: Asked;
  does: Does;
  close: () => void;
}

export function Dialogs({ asked, does, close }: Props) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const run = (act: Promise<boolean>) => {
    setBusy(true);
    void act.then((done) => (done ? close() : setBusy(false)));
  };
  switch (asked.act) {
    case 'offline': {
      const { name, held } = asked.operator;
      return (
        <ConfirmDialog
          opened danger busy={busy} title={t('wall.offline.title')} text={held > 0 ? t('wall.offline.text', { name, count: held }) : t('wall.offline.none', { name })}
          confirm={t('wall.offline.do')} onConfirm={() => run(does.offline(asked.operator))} onCancel={close}
        />
      );
    }
    case 'discard':
      return (
        <ConfirmDialog
          opened danger busy={busy} title={t('wall.failure.discard.title')} text={t('wall.failure.discard.text')} confirm={t('wall.failure.discard')}
          onConfirm={() => run(does.discard(asked.failureId))} onCancel={close}
        />
      );
    case 'assign':
      return <AssignDialog conversation={asked.conversation} busy={busy} close={close} run={(id) => run(does.assign(asked.conversation, id))} />;
    case 'priority':
      return <PriorityDialog conversation={asked.conversation} busy={busy} close={close} run={(n) => run(does.prioritize(asked.conversation, n))} />;
  }
}

interface FormProps<T> {
  conversation: WallConversation;
  busy: boolean;
  close: () => void;
  run: (value: T) => void;
}

/** Operators of the conversation's line come first, and among them who has places. */
function AssignDialog({ conversation: c, busy, close, run }: FormProps<string>) {
  const { t } = useWords();
  const operators = useWall((w) => w.operators);
  const [chosen, choose] = useState<string | null>(null);
  const there = [...operators.values()].filter((o) => o.id !== c.keeperId && o.presence === 'ONLINE' && o.connected).toSorted((a, b) =>
    Number(b.lines.includes(c.routing.lineId)) - Number(a.lines.includes(c.routing.lineId)) || (b.capacity - b.held) - (a.capacity - a.held) || a.name.localeCompare(b.name, 'ru'));
  return (
    <Form title={t('wall.assign.title', { name: c.customerName || t('wall.customer') })} confirm={t('wall.assign.do')} busy={busy} close={close} ready={chosen !== null} submit={() => chosen && run(chosen)}>
      {there.length === 0 ? (
        <Text size="sm">{t('wall.assign.nobody')}</Text>
      ) : (
        <Select
          data-autofocus label={t('wall.assign.operator')} description={t('wall.assign.hint')} placeholder={t('wall.assign.search')} searchable nothingFoundMessage={t('wall.assign.none')}
          limit={100} value={chosen} onChange={choose} data={there.map((o) => ({ value: o.id, label: `${o.name} — ${t('wall.held', { held: o.held, capacity: o.capacity })}` }))}
        />
      )}
    </Form>
  );
}

const most = 1000;

function PriorityDialog({ conversation: c, busy, close, run }: FormProps<number>) {
  const { t } = useWords();
  const [entered, enter] = useState(String(c.routing.priority));
  const value = Number(entered.replace('−', '-').trim() || NaN);
  const fits = Number.isInteger(value) && Math.abs(value) <= most;
  return (
    <Form title={t('wall.priority.title', { name: c.customerName || t('wall.customer') })} confirm={t('wall.priority.do')} busy={busy} close={close} ready={fits} submit={() => fits && run(value)}>
      <TextInput
        data-autofocus label={t('wall.priority.value')} description={t('wall.priority.hint')} value={entered} onChange={(e) => enter(e.currentTarget.value)}
        error={fits ? undefined : t('wall.priority.wrong')}
      />
    </Form>
  );
}

interface FrameProps {
  title: string;
  confirm: string;
  busy: boolean;
  ready: boolean;
  close: () => void;
  submit: () => void;
  children: React.ReactNode;
}

function Form({ title, confirm, busy, ready, close, submit, children }: FrameProps) {
  const { t } = useWords();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <form onSubmit={onSubmit}>
        <Stack gap="md">
          {children}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>{t('kit.cancel')}</Button>
            <Button type="submit" loading={busy} disabled={!ready}>{confirm}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
