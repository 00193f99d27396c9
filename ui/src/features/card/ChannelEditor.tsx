/** Adds a channel by an identifier, or changes one. */
import { Alert, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useText, type Key } from '../../i18n';
import { Failure, say } from '../../kit';
import { addAddress, editAddress, problemOf, useWorkplace, type Customer, type CustomerAddress, type Problem } from '../../sync';
import { checkIdentifier, identifierOf, tidyIdentifier, type Identifier } from './check';
import { useAccountName } from './names';

interface Props {
  customer: Customer;
  /** The one to change; a new one without it. */
  address?: CustomerAddress;
  onDone: () => void;
  onMerge: (query: string) => void;
}

const labels: Record<Identifier, Key> = {
  phone: 'card.channel.identifier.phone',
  email: 'card.channel.identifier.email',
  text: 'card.channel.identifier',
};

export function ChannelEditor({ customer, address, onDone, onMerge }: Props) {
  const { t } = useText();
  const form = useEditor(customer, address, onDone);
  const name = useAccountName();
  return (
    <form onSubmit={form.submit} noValidate>
      <Group align="flex-start" gap="sm" py={8}>
        <Select
          label={t('card.channel')}
          data={form.accounts.map((account) => ({ value: account.accountId, label: name(account.accountId, account.kind) }))}
          value={form.account?.accountId ?? null}
          onChange={(id) => id && form.choose(id)}
          allowDeselect={false}
          w={264}
        />
        <TextInput
          label={t(labels[identifierOf(form.account?.kind ?? '')])}
          value={form.value}
          onChange={(event) => form.write(event.currentTarget.value)}
          error={form.wrong && t(form.wrong)}
          data-autofocus
          autoFocus
          autoComplete="off"
          flex={1}
          miw={264}
        />
      </Group>
      <Trouble problem={form.problem} customer={customer} onMerge={() => onMerge(form.value.trim())} />
      <Group gap={8} pb={8}>
        <Button type="submit" size="xs" loading={form.busy}>{t(address ? 'card.channel.save' : 'card.channel.add')}</Button>
        <Button size="xs" variant="subtle" onClick={onDone}>{t('kit.cancel')}</Button>
      </Group>
    </form>
  );
}

function useEditor(customer: Customer, address: CustomerAddress | undefined, onDone: () => void) {
  const { t } = useText();
  const accounts = useWorkplace().accounts.filter((account) => account.byIdentifier);
  const [chosen, choose] = useState(address?.accountId);
  const [value, setValue] = useState(address?.address ?? '');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const account = accounts.find((each) => each.accountId === chosen) ?? accounts[0];
  const bad = account ? checkIdentifier(account.kind, value) : 'card.wrong.required';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (bad || !account) return;
    setBusy(true);
    setProblem(null);
    try {
      await send(customer, address, account.accountId, tidyIdentifier(account.kind, value));
      say(t(address ? 'card.channel.edited' : 'card.channel.added'));
      onDone();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };
  const write = (text: string) => {
    setValue(text);
    setProblem(null);
  };
  return { accounts, account, choose, value, write, wrong: tried ? (bad as Key | null) : null, busy, problem, submit };
}

function send(customer: Customer, address: CustomerAddress | undefined, accountId: string, value: string): Promise<Customer> {
  return address
    ? editAddress(customer.customerId, address.addressId, accountId, value)
    : addAddress(customer.customerId, accountId, value);
}

/** A channel that belongs to somebody else is the usual trouble, and merging the usual way out. */
function Trouble({ problem, customer, onMerge }: { problem: Problem | null; customer: Customer; onMerge: () => void }) {
  const { t } = useText();
  if (!problem) return null;
  if (problem.kind !== 'conflict') return <div style={{ paddingBottom: 8 }}><Failure problem={problem} /></div>;
  const own = /has this address already/.test(problem.detail) || customer.mergedInto !== '';
  return (
    <Alert color="yellow" mb={8} role="alert">
      <Text size="sm">{t(own ? 'card.channel.has' : 'card.channel.taken')}</Text>
      {!own && <Button mt={8} size="compact-sm" variant="default" onClick={onMerge}>{t('card.merge')}</Button>}
    </Alert>
  );
}
