/** What happens at an account: how it is, what nobody understood, and what is entered at its provider. */
import { ActionIcon, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, useReason } from '../../kit';
import { DeleteIcon, DownloadIcon } from '../../kit/icons';
import { discardUpdate, rawUpdateURL, useChannelHealth, useStrangeUpdates, type AccountState, type Condition, type StrangeUpdate } from '../../sync';
import { Copied } from '../../kit/sheet/Copied';
import { useOurWords } from './sentences';
import { useWords } from './text';
import classes from './channels.module.css';

export const colours: Record<AccountState, string> = { off: 'gray', broken: 'red', polling: 'green', webhook: 'green', working: 'green' };

export function StateBadge({ state }: { state: AccountState }) {
  const { t } = useWords();
  return <Badge variant="light" tt="none" fw={600} color={colours[state]}>{t(`channels.state.${state}`)}</Badge>;
}

export function Health({ id }: { id: string }) {
  const { t } = useWords();
  const { data } = useChannelHealth(id);
  const updates = useStrangeUpdates(id);
  if (!data) return null;
  const all = [...(data.webhook ? [{ title: t('channels.webhook'), value: data.webhook }] : []), ...(data.enter ?? [])];
  return (
    <>
      {all.length > 0 && (
        <Part title={t('channels.enter')}>
          {all.map((one) => <Copied key={one.title} {...one} />)}
        </Part>
      )}
      <Part title={t('channels.health')}>
        <Facts condition={data} />
        {updates.length > 0 && <Updates updates={updates} />}
      </Part>
    </>
  );
}

export function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack component="section" gap="xs" className={classes.part}>
      <Title order={2} size="h5">{title}</Title>
      {children}
    </Stack>
  );
}

function Facts({ condition: c }: { condition: Condition }) {
  const { t, dateTime } = useWords();
  const ours = useOurWords();
  const at = (time?: string) => (time ? dateTime(Date.parse(time)) : t('channels.never'));
  const strange = Object.entries(c.strange);
  return (
    <dl className={classes.facts}>
      <dt>{t('channels.state')}</dt>
      <dd><StateBadge state={c.state} /></dd>
      <dt>{t('channels.in')}</dt>
      <dd>{at(c.last_in)}</dd>
      <dt>{t('channels.out')}</dt>
      <dd>{at(c.last_out)}</dd>
      <dt>{t('channels.waiting')}</dt>
      <dd>{c.waiting}</dd>
      {c.error && (
        <>
          <dt>{t('channels.error')}</dt>
          <dd>
            {ours(c.error)}
            {c.error_at && <Text size="xs" c="dimmed">{at(c.error_at)}</Text>}
          </dd>
        </>
      )}
      {strange.length > 0 && (
        <>
          <dt>{t('channels.strange')}</dt>
          <dd>{strange.map(([kind, count]) => `${kind}: ${count}`).join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

/** Messages that nobody understood wait as they came, until somebody has looked. */
function Updates({ updates }: { updates: StrangeUpdate[] }) {
  const { t, bytes, dateTime } = useWords();
  const reason = useReason();
  const [going, setGoing] = useState<StrangeUpdate | null>(null);
  const discard = (one: StrangeUpdate) => {
    setGoing(null);
    discardUpdate(one.error_id).catch((e: unknown) => complain(reason(e)));
  };
  return (
    <>
      <Text size="sm">{t('channels.raw')}</Text>
      <ul className={classes.updates}>
        {updates.map((one) => {
          const name = `${one.raw}, ${dateTime(Date.parse(one.at))}`;
          return (
            <li key={one.error_id}>
              <span>
                {name} <Text span size="xs" c="dimmed">{bytes(one.size)}</Text>
              </span>
              <Group gap={4} wrap="nowrap">
                <ActionIcon component="a" variant="subtle" color="gray" href={rawUpdateURL(one.error_id)} download aria-label={t('channels.raw.download', { name })}>
                  <DownloadIcon size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon variant="subtle" color="gray" aria-label={t('channels.raw.discard', { name })} onClick={() => setGoing(one)}>
                  <DeleteIcon size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </li>
          );
        })}
      </ul>
      {going && (
        <ConfirmDialog
          opened title={t('channels.raw.sure')} text={t('channels.raw.what')} confirm={t('channels.raw.yes')} danger
          onConfirm={() => discard(going)} onCancel={() => setGoing(null)}
        />
      )}
    </>
  );
}
