/** «Операторы»: what each did in the conversations. A row slices by its operator; the mark before it leads to the conversations. */
import { Table } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Lines, useRoving } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import { tableURL, useOperatorRows, type OperatorRow } from '../../sync/statistics';
import { behind } from './behind';
import { sideways } from './Breakdown';
import { toggled } from './place';
import type { About } from './StatisticsPage';
import { pageSize, TableCard } from './TableCard';
import { useWords } from './text';
import { useShown } from './useShown';
import { useWriter } from './useWriter';
import classes from './statistics.module.css';

export function Operators({ about }: { about: About }) {
  const { t, locale } = useWords();
  const { place, query, go } = about;
  const { data, error, refetch, isPlaceholderData } = useOperatorRows(`${query}&limit=${pageSize}&offset=${(place.page - 1) * pageSize}`);
  const shown = useShown(about, isPlaceholderData);
  return (
    <TableCard
      title={t('st.operators')} href={tableURL('operators', query, locale)} download={t('st.download.operators')}
      page={place.page} total={data?.total ?? 0} turn={(page) => go({ page }, true)}
    >
      {!data ? (error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={4} height={24} />) : data.total === 0 ? (
        <Empty title={t('st.operators.none')} text={t('st.operators.none.text')} />
      ) : <Rows rows={data.items} about={shown} chosen={place.operator} busy={isPlaceholderData} />}
    </TableCard>
  );
}

interface RowsProps {
  rows: readonly OperatorRow[];
  /** What the rows are of. */
  about: About;
  /** The operators that are sliced by, at once. */
  chosen: readonly string[];
  busy: boolean;
}

const Rows = memo(function Rows({ rows, about, chosen, busy }: RowsProps) {
  const { t } = useWords();
  const roving = useRoving<HTMLTableSectionElement>();
  const heads = ['conversations', 'messages', 'pairs', 'close', 'kept', 'response', 'length'] as const;
  return (
    <Table.ScrollContainer minWidth={940}>
      <Table className={classes.wide} aria-label={t('st.operators')} aria-busy={busy}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={36} />
            <Table.Th>{t('st.operator.id')}</Table.Th>
            <Table.Th>{t('st.operator.name')}</Table.Th>
            {heads.map((head) => <Table.Th key={head} className={classes.right}>{t(`st.operator.${head}`)}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody {...roving}>
          {rows.map((row) => <Row key={row.operator_id} row={row} about={about} pressed={chosen.includes(row.operator_id)} />)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
});

function Row({ row: r, about: { place, period, go }, pressed }: { row: OperatorRow; about: About; pressed: boolean }) {
  const { t, number } = useWords();
  const { value } = useWriter();
  const { may } = useSession();
  const name = r.name || r.operator_id;
  const href = may('view_dialogs_search') ? behind(place, period, { operator: r.operator_id }) : undefined;
  return (
    <tr className={classes.row} data-pressed={pressed || undefined} onClick={() => go((now) => toggled(now, 'operator', r.operator_id))} onKeyDown={sideways}>
      <td className={classes.to}>
        {href && (
          <Link href={href} className={classes.behind} aria-label={t('st.operator.behind', { name })} data-hint={t('st.behind')} onClick={(e) => e.stopPropagation()}>
            <SearchIcon size={16} aria-hidden />
          </Link>
        )}
      </td>
      <td className={classes.id} title={r.operator_id}>{r.operator_id}</td>
      <th scope="row"><button type="button" data-roving aria-pressed={pressed} className={classes.press}>{name}</button></th>
      <td className={classes.right}>{number(r.conversations)}</td>
      <td className={classes.right}>{number(r.messages)}</td>
      <td className={classes.right}>{number(r.pairs)}</td>
      {[r.close_time, r.kept_time, r.response_time].map((time, i) => <td key={i} className={classes.right}>{value(time, 'seconds')}</td>)}
      <td className={classes.right}>{value(r.message_length, 'characters')}</td>
    </tr>
  );
}
