/** A table whose columns sort it, and whose rows open what they show. */
import { ActionIcon, Button, Select, Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Hint, Lines } from '../../../kit';
import { ChevronDownIcon, ChevronUpIcon, RefreshIcon } from '../../../kit/icons';
import type { Go } from '../KnowledgePage';
import { addressOf, pageSizes, sortedBy, type Place } from '../place';
import { pageNumbers, pages } from '../rows';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

export interface Column<T> {
  name: string;
  label: string;
  show: (row: T) => ReactNode;
  width?: string;
}

interface Props<T> {
  place: Place;
  go: Go;
  columns: readonly Column<T>[];
  /** None until they have come. */
  rows?: readonly T[];
  total: number;
  idOf: (row: T) => string;
  problem: unknown;
  busy: boolean;
  refresh: () => void;
}

export function DataTable<T>(props: Props<T>) {
  const { place, go, rows, total, problem, refresh } = props;
  if (!rows) return problem ? <Failure problem={problem} retry={refresh} /> : <Lines rows={8} height={28} />;
  return (
    <>
      {problem !== null && <Failure problem={problem} retry={refresh} />}
      <VisibleCount total={total} place={place} />
      {rows.length === 0 ? <Nothing place={place} go={go} /> : <Rows {...props} rows={rows} />}
      <Below {...props} />
    </>
  );
}

/** Who does not see the table hears how much was found. */
function VisibleCount({ total, place }: { total: number; place: Place }) {
  const { t } = useWords();
  return <div className="visually-hidden" role="status">{place.search && t('kb.found', { count: total })}</div>;
}

function Nothing({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  if (!place.search) return <Empty title={t(`kb.none.${place.tab}`)} text={t(`kb.none.${place.tab}.text`)} />;
  return (
    <Empty title={t('kb.found.none')} text={t('kb.found.none.text')}>
      <Button variant="default" mt="sm" onClick={() => go({ search: '', page: 1 })}>{t('kb.search.clear')}</Button>
    </Empty>
  );
}

function Rows<T>({ place, go, columns, rows, idOf, busy }: Props<T> & { rows: readonly T[] }) {
  const { t } = useWords();
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table highlightOnHover aria-label={t(`kb.tab.${place.tab}`)} aria-busy={busy} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => <Head key={column.name} column={column} place={place} go={go} />)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={idOf(row)} className={classes.row} onClick={(e) => opens(e) && go({ open: idOf(row) })}>
              {columns.map(({ name, show }, i) => (
                <Table.Td key={name}>
                  {i === 0 ? <Link href={addressOf({ ...place, open: idOf(row) })} className={classes.rowLink}>{show(row)}</Link> : show(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** A press on a row opens it, unless its link does so or text is being marked. */
function opens(event: React.MouseEvent): boolean {
  return !(event.target as Element).closest('a') && String(getSelection()) === '';
}

function Head<T>({ column: { name, label, width }, place, go }: { column: Column<T>; place: Place; go: Go }) {
  const { t } = useWords();
  const sorted = place.sort === name;
  const Icon = place.descending ? ChevronDownIcon : ChevronUpIcon;
  return (
    <Table.Th w={width} aria-sort={sorted ? (place.descending ? 'descending' : 'ascending') : undefined}>
      <UnstyledButton className={classes.head} data-sorted={sorted || undefined} onClick={() => go(sortedBy(place, name), true)}>
        {label}
        {sorted && <Icon size={16} aria-label={t(place.descending ? 'kb.sorted.down' : 'kb.sorted.up')} role="img" />}
      </UnstyledButton>
    </Table.Th>
  );
}

function Below<T>({ place, go, total, busy, refresh }: Props<T>) {
  const { t, number } = useWords();
  const from = (Math.min(place.page, pages(total, place.size)) - 1) * place.size;
  return (
    <div className={classes.below}>
      <Select
        label={t('kb.size')} className={classes.size} value={String(place.size)} allowDeselect={false}
        data={pageSizes.map(String)} onChange={(size) => size && go({ size: Number(size), page: 1 }, true)}
      />
      <Text size="sm" c="dimmed" className={classes.shown}>
        {total > 0 && t('kb.shown', { from: number(from + 1), to: number(Math.min(from + place.size, total)), total: number(total) })}
      </Text>
      <Pager place={place} count={pages(total, place.size)} go={go} />
      <Hint label={t('kb.refresh')}>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('kb.refresh')} loading={busy} onClick={refresh}>
          <RefreshIcon size={18} aria-hidden />
        </ActionIcon>
      </Hint>
    </div>
  );
}

function Pager({ place, count, go }: { place: Place; count: number; go: Go }) {
  const { t } = useWords();
  const page = Math.min(place.page, count);
  const to = (next: number) => () => go({ page: next });
  return (
    <nav aria-label={t('kb.pages')} className={classes.pager}>
      <Button variant="default" size="compact-sm" disabled={page <= 1} onClick={to(page - 1)}>{t('kb.previous')}</Button>
      {pageNumbers(page, count).map((n, i) =>
        n === 0 ? (
          <span key={`gap ${i}`} aria-hidden>…</span>
        ) : (
          <Button key={n} variant={n === page ? 'filled' : 'subtle'} size="compact-sm" aria-label={t('kb.page', { page: n })} aria-current={n === page ? 'page' : undefined} onClick={to(n)}>
            {n}
          </Button>
        ),
      )}
      <Button variant="default" size="compact-sm" disabled={page >= count} onClick={to(page + 1)}>{t('kb.next')}</Button>
    </nav>
  );
}
