/** «Статусы операторов»: how long each was in which status, all of them together, and when. */
import { ActionIcon, Button, Table, Text } from '@mantine/core';
import { Fragment, useState } from 'react';
import { Empty, Failure, Lines } from '../../kit';
import { ChevronDownIcon, ChevronRightIcon } from '../../kit/icons';
import { statuses, tableURL, usePresence, useStays, type Presence, type Times } from '../../sync/statistics';
import { toggled, withinBar } from './place';
import type { About } from './StatisticsPage';
import { pageSize, TableCard } from './TableCard';
import { useWords } from './text';
import classes from './statistics.module.css';

/** Statuses are of people, not of conversations: the slices but the time have no part in them. */
const queryOf = ({ place, period }: About) => new URLSearchParams({ ...withinBar(period, place.bar) }).toString();

export function Statuses({ about }: { about: About }) {
  const { t, locale } = useWords();
  const { place, go } = about;
  const query = queryOf(about);
  const { data, error, refetch, isPlaceholderData } = usePresence(`${query}&limit=${pageSize}&offset=${(place.statuses - 1) * pageSize}`);
  return (
    <TableCard
      title={t('st.presence')} href={tableURL('presence', query, locale)} download={t('st.download.presence')}
      page={place.statuses} total={data?.total ?? 0} turn={(page) => go({ statuses: page, stays: '' }, true)}
    >
      {!data ? (error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={4} height={24} />) : data.total === 0 ? (
        <Empty title={t('st.presence.none')} text={t('st.presence.none.text')} />
      ) : (
        <>
          <Text size="sm" c="dimmed" className={classes.note}>{t('st.presence.note')}</Text>
          <Rows presence={data} about={about} query={query} busy={isPlaceholderData} />
        </>
      )}
    </TableCard>
  );
}

function Rows({ presence: { items, sum }, about, query, busy }: { presence: Presence; about: About; query: string; busy: boolean }) {
  const { t } = useWords();
  const { place } = about;
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table className={classes.wide} aria-label={t('st.presence')} aria-busy={busy}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={36} />
            <Table.Th>{t('st.operator.id')}</Table.Th>
            <Table.Th>{t('st.operator.name')}</Table.Th>
            {statuses.map((status) => <Table.Th key={status} className={classes.right}>{t(`st.status.${status}`)}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr className={classes.sum}>
            <Table.Td />
            <Table.Th scope="row" colSpan={2}>{t('st.presence.sum')}</Table.Th>
            <Cells times={sum} />
          </Table.Tr>
          {items.map((row) => (
            <Fragment key={row.operator_id}>
              <Row row={row} about={about} />
              {place.stays === row.operator_id && (
                <Table.Tr>
                  <Table.Td colSpan={3 + statuses.length}><Stays operator={row} query={query} /></Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** No time at all is a dash: what there is stands out. */
function Cells({ times }: { times: Times }) {
  const { duration } = useWords();
  return <>{statuses.map((status) => <td key={status} className={classes.right}>{times[status] > 0 ? duration(times[status] * 1000) : '—'}</td>)}</>;
}

function Row({ row: r, about: { place, go } }: { row: Times; about: About }) {
  const { t } = useWords();
  const name = r.name || r.operator_id;
  const pressed = place.operator.includes(r.operator_id);
  const open = place.stays === r.operator_id;
  const Icon = open ? ChevronDownIcon : ChevronRightIcon;
  return (
    <tr className={classes.row} data-pressed={pressed || undefined} onClick={() => go(toggled(place, 'operator', r.operator_id))}>
      <td className={classes.to}>
        <ActionIcon
          variant="subtle" color="gray" size={24} aria-label={t('st.presence.unfold', { name })} aria-expanded={open}
          onClick={(e) => {
            e.stopPropagation();
            go({ stays: open ? '' : r.operator_id }, true);
          }}
        >
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </td>
      <td className={classes.id} title={r.operator_id}>{r.operator_id}</td>
      <th scope="row"><button type="button" aria-pressed={pressed} className={classes.press}>{name}</button></th>
      <Cells times={r} />
    </tr>
  );
}

const some = 50;

/** The stretches of time, the latest first. */
function Stays({ operator, query }: { operator: Times; query: string }) {
  const { t, dateTime, duration } = useWords();
  const [most, setMost] = useState(some);
  const { data, error, refetch } = useStays(operator.operator_id, query);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={3} />;
  if (data.items.length === 0) return <Text size="sm" c="dimmed">{t('st.presence.nothing')}</Text>;
  const rows = [...data.items].sort((a, b) => b.from.localeCompare(a.from));
  return (
    <div className={classes.stays}>
      <Table className={classes.wide} verticalSpacing={4} aria-label={t('st.presence.unfold', { name: operator.name || operator.operator_id })}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('st.presence.status')}</Table.Th>
            <Table.Th>{t('st.presence.from')}</Table.Th>
            <Table.Th>{t('st.presence.to')}</Table.Th>
            <Table.Th className={classes.right}>{t('st.presence.long')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, most).map(({ status, from, to }) => (
            <Table.Tr key={`${status} ${from}`}>
              <Table.Td>{t(`st.status.${status}`)}</Table.Td>
              <Table.Td>{dateTime(Date.parse(from))}</Table.Td>
              <Table.Td>{dateTime(Date.parse(to))}</Table.Td>
              <Table.Td className={classes.right}>{duration(Date.parse(to) - Date.parse(from))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > most && <Button variant="subtle" size="compact-sm" onClick={() => setMost(most + some)}>{t('st.time.more')}</Button>}
      {data.more && <Text size="sm" c="dimmed">{t('st.presence.more')}</Text>}
    </div>
  );
}
