/** «Удаление данных»: what was erased and when, and the way to it, for who may. */
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { makePart } from '../../i18n/part';
import { erasure } from '../../i18n/ru/erasure';
import { Failure, say, useFocusBack } from '../../kit';
import { FactList } from '../../kit/FactList';
import { DeleteIcon } from '../../kit/icons';
import { problemOf, type Customer, type Problem } from '../../sync';
import { erase, useErasures, type Erasure } from '../../sync/erasures';
import { useNames, type Name } from '../../sync/names';
import classes from './card.module.css';
import { Part } from './Part';

const useWords = makePart({ ru: erasure, english: async () => (await import('../../i18n/en/erasure')).erasure });

export default function Erasures({ customer }: { customer: Customer }) {
  const { t } = useWords();
  const { data, error, refetch } = useErasures(customer.customerId);
  const [asking, ask] = useState(false);
  if (error && problemOf(error).status === 404) return null; // a part of the customer's conversations is not this administrator's
  const begin = (
    <Button size="compact-sm" variant="subtle" color="red" leftSection={<DeleteIcon size={16} aria-hidden />} onClick={() => ask(true)}>
      {t('erase.do')}
    </Button>
  );
  return (
    <Part title={t('erase.title')} action={customer.mergedInto === '' && begin}>
      {error && <Failure problem={problemOf(error)} retry={() => void refetch()} />}
      {data?.items.length === 0 && <Text size="sm" c="dimmed">{t('erase.never')}</Text>}
      {data?.items.map((e) => (
        <Certificate key={e.begun_at} of={e} />
      ))}
      {asking && <Asking customer={customer} onClose={() => ask(false)} />}
    </Part>
  );
}

function Certificate({ of }: { of: Erasure }) {
  const { t, dateTime, number, bytes } = useWords();
  const names = useNames();
  if (!of.erased_at) return <Alert color="red">{t('erase.broken', { at: dateTime(Date.parse(of.begun_at)) })}</Alert>;
  const named = (ids: readonly string[], name: Name) => ids.map((id) => name(id)).join(', ') || t('erase.none');
  const rows: [string, string][] = [
    [t('erase.at'), dateTime(Date.parse(of.erased_at))], [t('erase.by'), of.by ? names.operator(of.by) : t('erase.machine')],
    [t('erase.conversations'), number(of.conversation_ids.length)], [t('erase.facts'), number(of.facts)],
    [t('erase.files'), `${number(of.files)}, ${bytes(of.bytes)}`],
    [t('erase.accounts'), named(of.account_ids, names.account)],
    [t('erase.agents'), named(of.agent_ids, names.agent)],
  ];
  return (
    <div className={classes.certificate}>
      <FactList rows={rows} />
    </div>
  );
}

/** The word has to be typed: a press too much must not be enough. */
function Asking({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  useFocusBack();
  const word = t('erase.word');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await erase(customer.customerId);
      say(t('erase.done'));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('erase.do')} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Text size="sm">{t('erase.what', { name: customer.name || t('card.unnamed') })}</Text>
          <Text size="sm">{t('erase.outside')}</Text>
          {problem && <Failure problem={problem} title={t(problem.status === 409 ? 'erase.open' : 'erase.failed')} />}
          <TextInput label={t('erase.type', { word })} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} autoComplete="off" data-autofocus />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
            <Button type="submit" color="red" loading={busy} disabled={typed.trim().toLocaleLowerCase() !== word}>{t('erase.confirm')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
