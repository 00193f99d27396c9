/** What would become of each of many users, or what is wrong with them. */
import { Badge, Table } from '@mantine/core';
import { grantLists, type Organisation, type UserOutcome, type UsersChanged } from '../../sync/users';
import { namesOf, positionName } from './names';
import { useOurWords } from './sentences';
import { useWords } from './text';
import classes from './users.module.css';

const colours = { new: 'green', changed: 'blue', same: 'gray', wrong: 'red' } as const;
/** So many are shown; the others are counted. */
const most = 200;

export function Outcomes({ found, organisation }: { found: UsersChanged; organisation: Organisation }) {
  const { t } = useWords();
  const lines = found.items.some((o) => o.line > 0);
  const sorted = [...found.items].sort((a, b) => Number(b.outcome === 'wrong') - Number(a.outcome === 'wrong') || Number(a.outcome === 'same') - Number(b.outcome === 'same'));
  return (
    <>
      <p className={classes.text} role="status">{t('users.outcome.sum', { made: found.new, changed: found.changed, wrong: found.wrong })}</p>
      <div className={classes.outcomes} tabIndex={0} role="group" aria-label={t('users.outcome.table')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {lines && <Table.Th w={80}>{t('users.outcome.line')}</Table.Th>}
              <Table.Th w="26%">{t('users.outcome.who')}</Table.Th>
              <Table.Th w={130}>{t('users.outcome.what')}</Table.Th>
              <Table.Th>{t('users.outcome.more')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.slice(0, most).map((o, i) => (
              <Table.Tr key={`${o.line} ${o.user_id} ${i}`}>
                {lines && <Table.Td>{o.line}</Table.Td>}
                <Table.Td>{o.name || o.user_id}</Table.Td>
                <Table.Td><Badge variant="light" color={colours[o.outcome]} size="sm" tt="none">{t(`users.outcome.${o.outcome}`)}</Badge></Table.Td>
                <Table.Td><More outcome={o} organisation={organisation} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {sorted.length > most && <p className={classes.text}>{t('users.outcome.others', { count: sorted.length - most })}</p>}
    </>
  );
}

function More({ outcome: o, organisation }: { outcome: UserOutcome; organisation: Organisation }) {
  const { t } = useWords();
  const ours = useOurWords();
  const said = useSaid(organisation);
  if (o.outcome === 'wrong') return o.faults.map((f) => <div key={f.field + f.detail}>{ours(f.detail)}</div>);
  return (
    <>
      {o.changes.map((c) => (
        <div key={c.field}>
          <span className={classes.dim}>{t(`users.field.${c.field}` as 'users.field.login')}:</span> {o.outcome === 'changed' && <>{said(c.field, c.before)} → </>}{said(c.field, c.after)}
        </div>
      ))}
      {o.held > 0 && <div>{t('users.outcome.held', { count: o.held })}</div>}
    </>
  );
}

function useSaid(organisation: Organisation) {
  const { t } = useWords();
  return (field: string, value: string): string => {
    if (value === '') return '—';
    if (field === 'disabled') return t(value === 'true' ? 'users.yes' : 'users.no');
    if (field === 'position_id') return positionName(organisation, value);
    const list = grantLists.find((l) => l === field);
    return list && list !== 'roles' ? namesOf(organisation, list, value.split(', ')).join(', ') : value;
  };
}
