/** «Объединить анкеты»: find the other card, compare the two, and make them one. */
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n';
import { Empty, Failure, Lines, say, useFocusBack, useRoving } from '../../kit';
import { ArrowLeftIcon, MergeIcon, SearchIcon } from '../../kit/icons';
import { merge, problemOf, useCustomer, type Customer, type Problem } from '../../sync';
import classes from './card.module.css';
import { Compare } from './Compare';
import { Found } from './Found';
import { useSearch } from './useSearch';

interface Props {
  customer: Customer;
  /** What to look for at first. */
  query: string;
  onClose: () => void;
}

export function Merge({ customer, query, onClose }: Props) {
  const { t } = useText();
  const [other, choose] = useState('');
  useFocusBack();
  return (
    <Modal opened onClose={onClose} title={t('card.merge')} size={other ? 'xl' : 'md'} closeButtonProps={{ 'aria-label': t('kit.close') }}>
      {other ? (
        <Confirm customer={customer} otherId={other} onBack={() => choose('')} onClose={onClose} />
      ) : (
        <Find customer={customer} query={query} onChoose={choose} />
      )}
    </Modal>
  );
}

function Find({ customer, query, onChoose }: { customer: Customer; query: string; onChoose: (id: string) => void }) {
  const { t } = useText();
  const [text, setText] = useState(query);
  const { active, found, error, refetch, settled } = useSearch(text);
  const roving = useRoving<HTMLUListElement>();
  const others = found?.filter((each) => each.customerId !== customer.customerId);
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        label={t('card.merge.find')}
        placeholder={t('card.search.hint')}
        leftSection={<SearchIcon size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      {error && <Failure problem={error} title={t('card.search.failed')} retry={() => void refetch()} />}
      {active && !others && !error && <Lines rows={3} height={28} />}
      {others?.length === 0 && settled && <Empty icon={<SearchIcon size={28} aria-hidden />} title={t('card.search.none')} text={t('card.search.none.text')} />}
      <ul className={classes.list} aria-label={t('card.search.results')} {...roving}>
        {others?.map((each) => (
          <li key={each.customerId} className={classes.foundRow}>
            <Found customer={each} onPress={() => onChoose(each.customerId)} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

interface ConfirmProps {
  customer: Customer;
  otherId: string;
  onBack: () => void;
  onClose: () => void;
}

function Confirm({ customer, otherId, onBack, onClose }: ConfirmProps) {
  const { t } = useText();
  const { data: other, error, refetch } = useCustomer(otherId);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const go = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const whole = await merge(customer.customerId, otherId);
      say(t(whole ? 'card.merge.done' : 'card.merge.asked'));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };
  if (!other) return error ? <Failure problem={error} title={t('card.failed')} retry={refetch} /> : <Lines rows={6} />;
  return (
    <Stack gap="md">
      <Compare one={customer} other={other} />
      {customer.test !== other.test && <Alert color="yellow">{t('card.merge.tests')}</Alert>}
      <Text size="sm">{t('card.merge.rule')}</Text>
      {problem && (problem.kind === 'conflict' ? <Alert color="yellow" role="alert">{t('card.merge.busy')}</Alert> : <Failure problem={problem} />)}
      <Group justify="space-between" gap="xs">
        <Button variant="subtle" leftSection={<ArrowLeftIcon size={16} aria-hidden />} onClick={onBack}>{t('card.merge.back')}</Button>
        <Group gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>{t('kit.cancel')}</Button>
          <Button color="red" leftSection={<MergeIcon size={16} aria-hidden />} loading={busy} onClick={go}>{t('card.merge.do')}</Button>
        </Group>
      </Group>
    </Stack>
  );
}
