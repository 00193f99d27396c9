/** Somebody else has kept the record meanwhile: who, what differs, and which one stays. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { AlarmIcon } from '../../../kit/icons';
import { changesOf, type Fact } from '../facts';
import { useWords } from '../text';
import { usePerson } from '../useNames';
import { Difference } from './Difference';
import type { Editing } from './useRecord';

interface Props<T> {
  editing: Editing<T>;
  facts: (value: T) => Fact[];
}

export function Conflict<T>({ editing, facts }: Props<T>) {
  const { t } = useWords();
  const who = useWho(editing);
  const [opened, open] = useState(false);
  const { theirs, value, busy } = editing;
  if (!theirs) return null;
  const done = (act: () => unknown) => () => {
    open(false);
    void act();
  };
  return (
    <Alert color="orange" variant="light" role="alert" mx="lg" mt="sm" icon={<AlarmIcon size={20} aria-hidden />} title={t('kb.conflict')}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{who}</Text>
        <Button size="compact-sm" variant="default" onClick={() => open(true)}>{t('kb.conflict.compare')}</Button>
      </Group>
      <Modal opened={opened} onClose={() => open(false)} size="xl" title={`${t('kb.conflict')}: ${who}`}>
        <Stack gap="md">
          <Text size="sm">{t('kb.conflict.text')}</Text>
          <Difference changes={changesOf(facts(theirs.value), facts(value))} before={t('kb.conflict.theirs')} after={t('kb.conflict.mine')} none={t('kb.conflict.same')} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={done(editing.takeTheirs)}>{t('kb.conflict.take')}</Button>
            <Button loading={busy} onClick={done(editing.overwrite)}>{t('kb.conflict.overwrite')}</Button>
          </Group>
        </Stack>
      </Modal>
    </Alert>
  );
}

function useWho<T>({ theirs }: Editing<T>): string {
  const { t, dateTime } = useWords();
  const person = usePerson();
  return theirs ? t('kb.conflict.who', { who: person(theirs.by), at: dateTime(Date.parse(theirs.at)) }) : '';
}
