/** «Журнал действий»: who changed, opened and took out what. */
import { Button, Group, Table, Title } from '@mantine/core';
import { Fragment, useCallback, useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Empty, Failure, Lines } from '../../kit';
import { ChevronDownIcon, ChevronRightIcon, DownloadIcon } from '../../kit/icons';
import { actLines, actTable, useAct, useActs, type Act } from '../../sync/audit';
import { Changes } from './Changes';
import { Filters } from './Filters';
import { addressOf, authorPageOf, pageOf, placeOf, queryOf, type Place } from './place';
import { acts as named, useWords } from './text';
import { useAuthor } from './useAuthor';
import classes from './audit.module.css';

export type Go = (change: Partial<Place>) => void;

export default function AuditPage() {
  const { t } = useWords();
  const [path, navigate] = useLocation();
  const search = useSearch();
  const place = useMemo(() => placeOf(path, search), [path, search]);
  const go = useCallback<Go>((change) => navigate(addressOf({ ...place, ...change }), { replace: true }), [place, navigate]);
  return (
    <div className={classes.page}>
      <Group justify="space-between">
        <Title order={1} size="h3">{t('au.title')}</Title>
        <Export place={place} />
      </Group>
      <Filters place={place} go={go} />
      <Found place={place} go={go} />
    </div>
  );
}

function Export({ place }: { place: Place }) {
  const { t, locale } = useWords();
  const query = queryOf(place);
  const icon = <DownloadIcon size={16} aria-hidden />;
  return (
    <Group gap={8}>
      <Button component="a" href={actTable(query, locale)} download variant="default" leftSection={icon}>{t('au.table')}</Button>
      <Button component="a" href={actLines(query)} download variant="default" leftSection={icon}>{t('au.lines')}</Button>
    </Group>
  );
}

function Found({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const query = useMemo(() => queryOf(place), [place]);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useActs(query);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={10} height={28} />;
  const items = data.pages.flatMap((p) => p.items);
  return (
    <>
      {place.open > 0 && !items.some((act) => act.number === place.open) && <Alone number={place.open} go={go} />}
      {items.length > 0 ? <List items={items} open={place.open} go={go} /> : !hasNextPage && <Empty title={t('au.none')} text={t('au.none.text')} />}
      {error && <Failure problem={error} retry={() => void fetchNextPage()} />}
      {hasNextPage && !error && (
        <Button variant="default" mx="auto" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('au.more')}</Button>
      )}
    </>
  );
}

/** The act that the address names, where the list does not have it. */
function Alone({ number, go }: { number: number; go: Go }) {
  const { data, error, refetch } = useAct(number);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} height={28} />;
  return <List items={[data]} open={number} go={go} />;
}

function List({ items, open, go }: { items: Act[]; open: number; go: Go }) {
  const { t } = useWords();
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table className={classes.table} aria-label={t('au.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={44} />
            <Table.Th w={170}>{t('au.at')}</Table.Th>
            <Table.Th w={170}>{t('au.who')}</Table.Th>
            <Table.Th>{t('au.act')}</Table.Th>
            <Table.Th w={200}>{t('au.object')}</Table.Th>
            <Table.Th w={130}>{t('au.ip')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((act) => (
            <Fragment key={act.number}>
              <Row act={act} open={act.number === open} go={go} />
              {act.number === open && (
                <Table.Tr>
                  <Table.Td />
                  <Table.Td colSpan={5} id={`au-${act.number}`}><Changes number={act.number} /></Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ act, open, go }: { act: Act; open: boolean; go: Go }) {
  const { t, dateTime, locale } = useWords();
  const author = useAuthor();
  const page = pageOf(act.act, act.object);
  const who = authorPageOf(act.by);
  const object = act.act === 'settings_put' && !act.object ? t('au.organisation') : act.object;
  const Chevron = open ? ChevronDownIcon : ChevronRightIcon;
  return (
    <Table.Tr>
      <Table.Td>
        <Button
          variant="subtle" color="gray" size="compact-sm" px={4} aria-expanded={open} aria-controls={open ? `au-${act.number}` : undefined}
          aria-label={t('au.open', { number: act.number })} onClick={() => go({ open: open ? 0 : act.number })}
        >
          <Chevron size={16} aria-hidden />
        </Button>
      </Table.Td>
      <Table.Td><time dateTime={act.at} title={new Date(act.at).toLocaleString(locale)}>{dateTime(Date.parse(act.at))}</time></Table.Td>
      <Table.Td>{who ? <Link href={who} className={classes.link}>{author(act.by)}</Link> : author(act.by)}</Table.Td>
      <Table.Td>
        {named.includes(act.act) ? t(`au.act.${act.act as 'signed_in'}`) : act.act}
        {act.count ? ` · ${t('au.times', { count: act.count })}` : ''}
      </Table.Td>
      <Table.Td>{page ? <Link href={page} className={classes.link}>{object}</Link> : object}</Table.Td>
      <Table.Td>{act.ip}</Table.Td>
    </Table.Tr>
  );
}
