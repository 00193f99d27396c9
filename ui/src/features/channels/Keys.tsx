/** The key that a third party writes with: one more can be made, and is shown this once. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, useReason } from '../../kit';
import { newKey } from '../../sync';
import { Part } from './Health';
import { Once } from './Once';
import { useWords } from './text';

export function Keys({ id }: { id: string }) {
  const { t } = useWords();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState('');
  const make = () => {
    setAsking(false);
    setBusy(true);
    newKey(id)
      .then(setKey, (e: unknown) => complain(reason(e)))
      .finally(() => setBusy(false));
  };
  return (
    <Part title={t('channels.key')}>
      {key ? <Once kind="api" made={{ key }} /> : <Text size="sm">{t('channels.key.hint')}</Text>}
      <Group>
        <Button variant="default" loading={busy} onClick={() => setAsking(true)}>{t('channels.key.new')}</Button>
      </Group>
      <ConfirmDialog
        opened={asking} title={t('channels.key.sure')} text={t('channels.key.what')} confirm={t('channels.key.yes')}
        onConfirm={make} onCancel={() => setAsking(false)}
      />
    </Part>
  );
}
