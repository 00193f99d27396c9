/** A link that a user was given and has not used, and how it is taken back. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, say } from '../../kit';
import { useInvitation, withdraw } from '../../sync/proofs';
import { useEntryWords } from './entryText';
import { useWhy } from './sentences';

export function OpenLink({ id, asking }: { id: string; asking: (is: boolean) => void }) {
  const { t, dateTime } = useEntryWords();
  const why = useWhy();
  const { data } = useInvitation(id);
  const [asked, set] = useState(false);
  const [busy, setBusy] = useState(false);
  const ask = (is: boolean) => {
    set(is);
    asking(is);
  };
  const run = () => {
    setBusy(true);
    withdraw(id)
      .then(() => say(t('entry.withdrawn')), (e: unknown) => complain(why(e)))
      .finally(() => {
        setBusy(false);
        ask(false);
      });
  };
  if (!data?.open || !data.until) return null;
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <Text size="sm">{t('entry.invitation', { until: dateTime(Date.parse(data.until)) })}</Text>
      <Button variant="default" size="compact-sm" flex="none" onClick={() => ask(true)}>{t('entry.withdraw')}</Button>
      <ConfirmDialog opened={asked} danger busy={busy} title={t('entry.withdraw.title')} text={t('entry.withdraw.text')} confirm={t('entry.withdraw')} onConfirm={run} onCancel={() => ask(false)} />
    </Group>
  );
}
