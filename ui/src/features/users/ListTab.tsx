/** The table of users: searched, sorted and cut by the server; the ticked are changed together. */
import { Badge, Button, Checkbox, Group, Menu, Table } from '@mantine/core';
import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Lines } from '../../kit';
import { AddIcon, DownloadIcon, UploadIcon } from '../../kit/icons';
import { pages } from '../../kit/pages';
import { SearchField } from '../../kit/SearchField';
import { SortHead } from '../../kit/SortHead';
import { TableFoot } from '../../kit/TableFoot';
import { useSession } from '../../sync';
import { usersURL, useUsers, type Organisation, type UserEntry } from '../../sync/users';
import { ImportDialog } from './ImportDialog';
import { ManyDialog } from './ManyDialog';
import { fullName, namesOf, positionName } from './names';
import { addressOf, fresh, sortedBy, type Go, type Place } from './place';
import { useWords } from './text';
import { OpenUser } from './UserForm';
import type { Sections } from './UsersPage';
import { ViewDialog } from './ViewDialog';
import classes from './users.module.css';

interface Props {
  place: Place;
  go: Go;
  organisation: Organisation;
  sections: Sections;
}

/** The ticked users, with the revisions that were seen. */
export type Chosen = ReadonlyMap<string, UserEntry>;

const columns = ['name', 'login', 'position', 'centers', 'lines', 'languages', 'skills', 'capacity'] as const;
const widths = { name: '15%', login: '9%', position: '12%', centers: '13%', lines: '14%', languages: '9%', skills: undefined, capacity: 104 } as const;

export function ListTab({ place, go, organisation, sections }: Props) {
  const { t } = useWords();
  const { may } = useSession();
  const { search, sort, descending, page, size } = place;
  const { data, error, isFetching, refetch } = useUsers({ search, sort: (descending ? '-' : '') + sort, from: (page - 1) * size, limit: size });
  const [chosen, choose] = useState<Chosen>(new Map());
  const [changing, change] = useState<'' | 'change' | 'disable'>('');
  const onSearch = useCallback((wanted: string) => go({ search: wanted, page: 1 }, true), [go]);
  const again = () => void refetch();
  const mayChange = may('modify_users');
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <SearchField search={search} label={t('users.search')} hint={t('users.search.hint')} clear={t('users.search.clear')} onSearch={onSearch} />
        <Transfer change={mayChange} />
        {mayChange && (
          <Button component={Link} href={addressOf({ ...place, open: fresh, view: false })} leftSection={<AddIcon size={16} aria-hidden />} flex="none">{t('users.add')}</Button>
        )}
      </Group>
      {chosen.size > 0 && <Ticked chosen={chosen} clear={() => choose(new Map())} change={change} />}
      {!data ? (
        error ? <Failure problem={error} retry={again} /> : <Lines rows={8} height={28} />
      ) : (
        <>
          {error && <Failure problem={error} retry={again} />}
          <div className="visually-hidden" role="status">{search && t('users.found', { count: data.total })}</div>
          {data.items.length === 0 ? <Nothing search={search} page={page} go={go} /> : (
            <Rows users={data.items} place={place} go={go} organisation={organisation} busy={isFetching} chosen={chosen} choose={mayChange ? choose : undefined} />
          )}
          <Foot place={place} go={go} total={data.total} busy={isFetching} refresh={again} />
        </>
      )}
      {place.open && !place.view && <OpenUser key={place.open} id={place.open} place={place} go={go} organisation={organisation} />}
      {place.open && place.view && <ViewDialog id={place.open} organisation={organisation} sections={sections} close={() => go({ view: false, open: mayChange ? place.open : '' })} />}
      {changing && <ManyDialog chosen={chosen} disable={changing === 'disable'} organisation={organisation} close={() => change('')} done={() => choose(new Map())} />}
    </>
  );
}

function Transfer({ change }: { change: boolean }) {
  const { t, locale } = useWords();
  const [opened, open] = useState(false);
  return (
    <>
      {change && <Button variant="default" leftSection={<UploadIcon size={16} aria-hidden />} flex="none" onClick={() => open(true)}>{t('users.import')}</Button>}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<DownloadIcon size={16} aria-hidden />} flex="none">{t('users.export')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={usersURL(locale, 'semicolon')} download>{t('users.export.excel')}</Menu.Item>
          <Menu.Item component="a" href={usersURL(locale)} download>{t('users.export.csv')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened && <ImportDialog close={() => open(false)} />}
    </>
  );
}

function Ticked({ chosen, clear, change }: { chosen: Chosen; clear: () => void; change: (what: 'change' | 'disable') => void }) {
  const { t } = useWords();
  return (
    <Group gap="xs" className={classes.ticked} role="group" aria-label={t('users.ticked', { count: chosen.size })}>
      <span className={classes.tickedCount}>{t('users.ticked', { count: chosen.size })}</span>
      <Button size="compact-sm" onClick={() => change('change')}>{t('users.many')}</Button>
      <Button size="compact-sm" variant="default" onClick={() => change('disable')}>{t('users.many.disable')}</Button>
      <Button size="compact-sm" variant="subtle" onClick={clear}>{t('users.ticked.clear')}</Button>
    </Group>
  );
}

function Nothing({ search, page, go }: { search: string; page: number; go: Go }) {
  const { t } = useWords();
  if (page > 1) return <Empty title={t('users.page.empty')}><Button variant="default" mt="sm" onClick={() => go({ page: 1 })}>{t('users.page.first')}</Button></Empty>;
  if (!search) return <Empty title={t('users.none')} text={t('users.none.text')} />;
  return (
    <Empty title={t('users.found.none')} text={t('users.found.none.text')}>
      <Button variant="default" mt="sm" onClick={() => go({ search: '', page: 1 })}>{t('users.search.clear')}</Button>
    </Empty>
  );
}

interface RowsProps {
  users: readonly UserEntry[];
  place: Place;
  go: Go;
  organisation: Organisation;
  busy: boolean;
  chosen: Chosen;
  /** Nobody ticks who may not change. */
  choose?: (chosen: Chosen) => void;
}

function Rows({ users, place, go, organisation, busy, chosen, choose }: RowsProps) {
  const { t } = useWords();
  const all = users.every((u) => chosen.has(u.user_id));
  const tick = (on: boolean, ...some: readonly UserEntry[]) => {
    const next = new Map(chosen);
    for (const u of some) if (on) next.set(u.user_id, u);
    else next.delete(u.user_id);
    choose?.(next);
  };
  return (
    <Table.ScrollContainer minWidth={980}>
      <Table highlightOnHover aria-label={t('users.tab.list')} aria-busy={busy} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {choose && (
              <Table.Th w={44}>
                <Checkbox aria-label={t('users.tick.all')} checked={all} indeterminate={!all && users.some((u) => chosen.has(u.user_id))} onChange={(e) => tick(e.currentTarget.checked, ...users)} />
              </Table.Th>
            )}
            {columns.map((name) => (
              <SortHead
                key={name} label={t(`users.column.${name}`)} width={widths[name]} words={{ up: t('users.sorted.up'), down: t('users.sorted.down') }}
                sorted={place.sort !== name ? undefined : place.descending ? 'down' : 'up'} onSort={() => go(sortedBy(place, name), true)}
              />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((u) => (
            <Row key={u.user_id} user={u} place={place} organisation={organisation} ticked={chosen.has(u.user_id)} tick={choose && ((on) => tick(on, u))} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ user: u, place, organisation, ticked, tick }: { user: UserEntry; place: Place; organisation: Organisation; ticked: boolean; tick?: (on: boolean) => void }) {
  const { t } = useWords();
  const name = fullName(u);
  return (
    <Table.Tr data-off={u.disabled || undefined} aria-selected={tick && ticked}>
      {tick && <Table.Td><Checkbox aria-label={t('users.tick', { name })} checked={ticked} onChange={(e) => tick(e.currentTarget.checked)} /></Table.Td>}
      <Table.Td>
        <Link href={addressOf({ ...place, open: u.user_id, view: !tick })} className={classes.rowLink}>{name}</Link>
        {u.disabled && <Badge variant="default" size="sm" className={classes.mark}>{t('users.off')}</Badge>}
        {!u.disabled && !u.has_password && <Badge variant="light" color="blue" size="sm" className={classes.mark}>{t('users.waits')}</Badge>}
      </Table.Td>
      <Table.Td>{u.login}</Table.Td>
      <Table.Td>{positionName(organisation, u.position_id)}</Table.Td>
      <Few names={namesOf(organisation, 'center_ids', u.center_ids)} />
      <Few names={namesOf(organisation, 'line_ids', u.line_ids)} />
      <Few names={namesOf(organisation, 'languages', u.languages)} />
      <Few names={namesOf(organisation, 'skills', u.skills)} />
      <Table.Td className={classes.number}>{u.capacity || t('users.capacity.usual')}</Table.Td>
    </Table.Tr>
  );
}

const few = 3;

/** The first names of many, and how many there are besides. */
function Few({ names }: { names: readonly string[] }) {
  const { t } = useWords();
  const more = names.length - few;
  return <Table.Td title={more > 0 ? names.join(', ') : undefined}>{names.slice(0, few).join(', ')}{more > 0 && <span className={classes.dim}> {t('users.more', { count: more })}</span>}</Table.Td>;
}

function Foot({ place: { page, size }, go, total, busy, refresh }: { place: Place; go: Go; total: number; busy: boolean; refresh: () => void }) {
  const { t, number } = useWords();
  const from = (Math.min(page, pages(total, size)) - 1) * size;
  const words = {
    size: t('users.size'), pages: t('users.pages'), previous: t('users.previous'), next: t('users.next'), refresh: t('users.refresh'), page: (n: number) => t('users.page', { page: n }),
    shown: t('users.shown', { from: number(from + 1), to: number(Math.min(from + size, total)), total: number(total) }),
  };
  return <TableFoot total={total} page={page} size={size} busy={busy} words={words} refresh={refresh} onPage={(n) => go({ page: n })} onSize={(n) => go({ size: n, page: 1 }, true)} />;
}
