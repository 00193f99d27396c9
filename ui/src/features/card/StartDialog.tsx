/** «Начать диалог»: a channel and the first message, also when all was closed long ago. */
import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { useText } from '../../i18n';
import { Failure, Lines, say, useFocusBack } from '../../kit';
import { SendIcon } from '../../kit/icons';
import { problemOf, startConversation, useCustomer, type Customer, type Problem } from '../../sync';
import { useAddressName } from './names';

interface Props {
  customerId: string;
  onClose: () => void;
  onStarted: (conversationId: string) => void;
}

export function StartDialog({ customerId, onClose, onStarted }: Props) {
  const { t } = useText();
  const { data, error, refetch } = useCustomer(customerId);
  useFocusBack();
  const title = data ? t('card.start.with', { name: data.name || t('card.unnamed') }) : t('card.start');
  return (
    <Modal opened onClose={onClose} title={title} size="md" closeButtonProps={{ 'aria-label': t('kit.close') }}>
      {data ? (
        <First customer={data} onClose={onClose} onStarted={onStarted} />
      ) : error ? (
        <Failure problem={error} title={t('card.failed')} retry={refetch} />
      ) : (
        <Lines rows={3} height={32} />
      )}
    </Modal>
  );
}

function First({ customer, onClose, onStarted }: { customer: Customer } & Omit<Props, 'customerId'>) {
  const { t } = useText();
  const form = useStart(customer, onStarted);
  const name = useAddressName();
  if (form.addresses.length === 0) return <Text size="sm">{t('card.start.none')}</Text>;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.code === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) void form.send();
  };
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="sm">
        {customer.openConversation && <Alert color="blue">{t('card.start.open')}</Alert>}
        <Select
          label={t('card.start.channel')}
          data={form.addresses.map((a) => ({ value: a.addressId, label: labelOf(name(a)) }))}
          value={form.chosen}
          onChange={form.choose}
          allowDeselect={false}
          error={form.tried && !form.chosen && t('card.start.choose')}
        />
        <Textarea
          label={t('card.start.text')}
          autosize
          minRows={4}
          maxRows={12}
          data-autofocus
          value={form.text}
          onChange={(event) => form.write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          error={form.tried && !form.text.trim() && t('card.start.write')}
        />
        {form.problem && <Trouble problem={form.problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
          <Button type="submit" leftSection={<SendIcon size={18} aria-hidden />} loading={form.busy}>{t('card.start.send')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Another operator keeps the customer's conversation, most often. */
function Trouble({ problem }: { problem: Problem }) {
  const { t } = useText();
  return problem.kind === 'conflict' ? <Alert color="yellow" role="alert">{t('card.start.kept')}</Alert> : <Failure problem={problem} />;
}

function labelOf({ title, detail }: { title: string; detail: string }): string {
  return `${title} (${detail})`;
}

function useStart(customer: Customer, onStarted: (conversationId: string) => void) {
  const { t } = useText();
  // A telephone is called, not written to.
  const addresses = customer.addresses.filter((address) => !address.unreachable && address.kind !== 'phone');
  const [picked, choose] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  // One channel needs no choice; of several the operator takes one knowingly.
  const chosen = picked ?? (addresses.length === 1 ? addresses[0]?.addressId : undefined) ?? null;
  const send = async () => {
    setTried(true);
    const to = addresses.find((address) => address.addressId === chosen);
    if (!to || !text.trim() || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const id = await startConversation(customer.customerId, { accountId: to.accountId, address: to.address, text: text.trim() });
      say(t('card.start.done'));
      onStarted(id);
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  return { addresses, chosen, choose, text, write: setText, tried, busy, problem, send, submit };
}
