/** A table whose columns sort it, and whose rows open what they show. */
import { Button, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Lines } from '../../../kit';
import { pages } from '../../../kit/pages';
import { SortHead } from '../../../kit/SortHead';
import { TableFoot } from '../../../kit/TableFoot';
import type { Go } from '../KnowledgePage';
import { addressOf, sortedBy, type Place } from '../place';
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
  const sorted = place.sort !== name ? undefined : place.descending ? 'down' : 'up';
  return <SortHead label={label} width={width} sorted={sorted} words={{ up: t('kb.sorted.up'), down: t('kb.sorted.down') }} onSort={() => go(sortedBy(place, name), true)} />;
}

function Below<T>({ place: { page, size }, go, total, busy, refresh }: Props<T>) {
  const { t, number } = useWords();
  const from = (Math.min(page, pages(total, size)) - 1) * size;
  const words = {
    size: t('kb.size'), pages: t('kb.pages'), previous: t('kb.previous'), next: t('kb.next'), refresh: t('kb.refresh'),
    page: (n: number) => t('kb.page', { page: n }),
    shown: t('kb.shown', { from: number(from + 1), to: number(Math.min(from + size, total)), total: number(total) }),
  };
  return <TableFoot total={total} page={page} size={size} busy={busy} words={words} refresh={refresh} onPage={(n) => go({ page: n })} onSize={(n) => go({ size: n, page: 1 }, true)} />;
}
