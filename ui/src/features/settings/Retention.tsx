/** «Удаление по сроку»: what the next night removes, and the nights that were, each with its certificate. */
import { Button, Table } from '@mantine/core';
import { Fragment, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Lines } from '../../kit';
import { ChevronDownIcon, ChevronRightIcon, DownloadIcon } from '../../kit/icons';
import { problemOf } from '../../sync';
import { nightURL, useNight, useNights, usePlan, type Night } from '../../sync/retention';
import type { Place } from '../../sync/settings';
import { nameOf, PlanTable, useKept } from './Planned';
import { useWords } from './text';
import classes from './settings.module.css';

interface Props {
  centers: readonly Place[];
  /** The night that is open; empty for none. */
  night: string;
  open: (night: string) => void;
}

export function Retention({ centers, night, open }: Props) {
  return (
    <>
      <Next centers={centers} />
      <Nights centers={centers} night={night} open={open} />
    </>
  );
}

function Part({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={name}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.heading}>{name}</h2>
          <p className={classes.dim}>{hint}</p>
        </div>
      </div>
      <div className={classes.stacked}>{children}</div>
    </section>
  );
}

function Next({ centers }: { centers: readonly Place[] }) {
  const { t, dateTime } = useWords();
  const { data, error, refetch } = usePlan();
  const name = t('settings.retention.next');
  return (
    <Part name={name} hint={data ? t('settings.retention.next.at', { at: dateTime(Date.parse(data.next_at)) }) : ' '}>
      {!data ? (error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} height={20} />) : data.items.some((p) => p.days > 0) ? (
        <PlanTable items={data.items} centers={centers} label={name} />
      ) : (
        <Empty title={t('settings.retention.never')} text={t('settings.retention.never.text')}>
          <Button component={Link} href={`/settings?q=${encodeURIComponent(t('settings.retention_days'))}`} variant="default">{t('settings.retention.set')}</Button>
        </Empty>
      )}
    </Part>
  );
}

/** So many nights are shown at first; the server tells of no more than the most. */
const some = 50;
const most = 500;

function Nights({ centers, night, open }: Props) {
  const { t } = useWords();
  const [limit, setLimit] = useState(some);
  const { data, error, refetch, isPlaceholderData } = useNights(limit);
  const name = t('settings.retention.nights');
  const lost = !!night && !!data && !data.some((n) => n.night_id === night);
  return (
    <Part name={name} hint={t('settings.retention.nights.text')}>
      {lost && <Alone centers={centers} night={night} open={open} />}
      {!data ? (error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={28} />) : data.length > 0 ? (
        <List nights={data} centers={centers} night={night} open={open} label={name} />
      ) : !lost && <Empty title={t('settings.retention.none')} text={t('settings.retention.none.text')} />}
      {data && data.length >= limit && limit < most && <Button variant="default" mx="auto" loading={isPlaceholderData} onClick={() => setLimit(most)}>{t('settings.changes.more')}</Button>}
    </Part>
  );
}

/** The night that the address names, where the list does not have it. */
function Alone({ centers, night, open }: Props) {
  const { t, dateTime } = useWords();
  const { data, error, refetch } = useNight(night);
  if (data) return <List nights={[data]} centers={centers} night={night} open={open} label={t('settings.retention.open', { at: dateTime(Date.parse(data.begun_at)) })} />;
  if (error && problemOf(error).status === 404) return <Empty title={t('settings.retention.lost')} />;
  return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} height={28} />;
}

function List({ nights, label, ...props }: Props & { nights: readonly Night[]; label: string }) {
  const { t } = useWords();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table className={classes.counts} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={44} />
            <Table.Th>{t('settings.retention.begun')}</Table.Th>
            <Table.Th>{t('settings.retention.took')}</Table.Th>
            <Table.Th>{t('settings.retention.conversations')}</Table.Th>
            <Table.Th>{t('settings.retention.messages')}</Table.Th>
            <Table.Th>{t('settings.retention.files')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{nights.map((n) => <Row key={n.night_id} n={n} {...props} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ n, centers, night, open }: Props & { n: Night }) {
  const { t, number, dateTime, duration } = useWords();
  const isOpen = n.night_id === night;
  const Chevron = isOpen ? ChevronDownIcon : ChevronRightIcon;
  const at = dateTime(Date.parse(n.begun_at));
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td>
          <Button
            variant="subtle" color="gray" size="compact-sm" px={4} aria-expanded={isOpen} aria-label={t('settings.retention.open', { at })}
            onClick={() => open(isOpen ? '' : n.night_id)}
          >
            <Chevron size={16} aria-hidden />
          </Button>
        </Table.Td>
        <Table.Th scope="row"><time dateTime={n.begun_at}>{at}</time></Table.Th>
        <Table.Td>{n.ended_at ? duration(Date.parse(n.ended_at) - Date.parse(n.begun_at)) : t('settings.retention.going')}</Table.Td>
        <Table.Td>{number(n.conversations)}</Table.Td>
        <Table.Td>{number(n.messages)}</Table.Td>
        <Table.Td>{number(n.files)}</Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr>
          <Table.Td />
          <Table.Td colSpan={5}><Certificate n={n} centers={centers} /></Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}

function Certificate({ n, centers }: { n: Night; centers: readonly Place[] }) {
  const { t, number } = useWords();
  const kept = useKept();
  const name = t('settings.retention.certificate');
  return (
    <section className={classes.certificate} aria-label={name}>
      <Table aria-label={name} className={classes.counts}>
        <Table.Thead>
          <Table.Tr>{(['center', 'kept', 'conversations', 'messages', 'files'] as const).map((key) => <Table.Th key={key}>{t(`settings.retention.${key}`)}</Table.Th>)}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {n.centers.map((c) => (
            <Table.Tr key={c.center_id}>
              <Table.Th scope="row">{nameOf(centers, c.center_id)}</Table.Th>
              <Table.Td>{kept(c.days)}</Table.Td>
              <Table.Td>{number(c.conversations)}</Table.Td>
              <Table.Td>{number(c.messages)}</Table.Td>
              <Table.Td>{number(c.files)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {n.left > 0 && <p className={classes.dim}>{t('settings.retention.left')}: {number(n.left)}. {t('settings.retention.left.why')}</p>}
      <Button component="a" href={nightURL(n.night_id)} download={`retention-${n.night_id.slice(0, 10)}.json`} variant="default" size="xs" leftSection={<DownloadIcon size={14} aria-hidden />}>
        {t('settings.retention.download')}
      </Button>
    </section>
  );
}
