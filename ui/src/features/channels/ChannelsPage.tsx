/** «Каналы»: every account, how it is, and a switch. */
import { Button, Group, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ChannelIcon, Empty, Failure, Lines } from '../../kit';
import { AddIcon, WorldIcon } from '../../kit/icons';
import { useChannels, type ChannelAccount, type Channels, type Condition, type Made } from '../../sync';
import { ChannelForm } from './ChannelForm';
import { StateBadge } from './Health';
import { useOurWords } from './sentences';
import { useWords } from './text';
import { useTurn } from './useTurn';

export default function ChannelsPage() {
  const { t } = useWords();
  const { data, error, refetch } = useChannels();
  const [, navigate] = useLocation();
  // Empty is a new one.
  const open = new URLSearchParams(useSearch()).get('open');
  const [made, setMade] = useState<Made>();
  const show = (id: string | null, fresh?: Made) => {
    navigate(id === null ? '/channels' : `/channels?${new URLSearchParams({ open: id })}`);
    setMade(fresh);
  };
  const account = data?.accounts.find((a) => a.account_id === open);
  return (
    <Stack p="lg" gap="md" maw={1100} mx="auto" w="100%">
      <Group justify="space-between">
        <Title order={1} size="h3">{t('channels.title')}</Title>
        <Button leftSection={<AddIcon size={16} aria-hidden />} disabled={!data} onClick={() => show('')}>{t('channels.add')}</Button>
      </Group>
      {data ? <Accounts channels={data} open={show} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
      {data && open !== null && <ChannelForm key={open} channels={data} account={account} made={made} saved={show} close={() => show(null)} />}
    </Stack>
  );
}

function Accounts({ channels, open }: { channels: Channels; open: (id: string) => void }) {
  const { t } = useWords();
  if (channels.accounts.length === 0) return <Empty icon={<WorldIcon size={32} aria-hidden />} title={t('channels.none')} />;
  return (
    <Table.ScrollContainer minWidth={700}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('channels.name')}</Table.Th>
            <Table.Th>{t('channels.state')}</Table.Th>
            <Table.Th>{t('channels.in')}</Table.Th>
            <Table.Th>{t('channels.out')}</Table.Th>
            <Table.Th>{t('channels.on')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {channels.accounts.map((a) => (
            <Row key={a.account_id} account={a} condition={channels.conditions.find((c) => c.account_id === a.account_id)} open={open} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ account, condition, open }: { account: ChannelAccount; condition?: Condition; open: (id: string) => void }) {
  const { t, dateTime } = useWords();
  const ours = useOurWords();
  const { busy, turn } = useTurn(account);
  const name = account.name || account.account_id;
  const at = (time?: string) => (time ? dateTime(Date.parse(time)) : '—');
  return (
    <Table.Tr>
      <Table.Td>
        <Button variant="subtle" size="compact-sm" leftSection={<ChannelIcon kind={account.kind} />} aria-label={t('channels.open', { name })} onClick={() => open(account.account_id)}>
          {name}
        </Button>
      </Table.Td>
      <Table.Td>
        {condition && <StateBadge state={condition.state} />}
        {condition?.state === 'broken' && <Text size="xs" c="var(--mantine-color-error)" maw={320}>{ours(condition.error ?? '')}</Text>}
      </Table.Td>
      <Table.Td>{at(condition?.last_in)}</Table.Td>
      <Table.Td>{at(condition?.last_out)}</Table.Td>
      <Table.Td>
        <Switch aria-label={t('channels.switch', { name })} checked={!account.disabled} disabled={busy} onChange={(e) => turn(e.currentTarget.checked)} />
      </Table.Td>
    </Table.Tr>
  );
}
