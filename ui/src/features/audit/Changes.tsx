/** What an act changed, field by field. */
import { Table, Text } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { useAct, type ActChange } from '../../sync/audit';
import { fieldOf } from './fields';
import { useWords } from './text';
import classes from './audit.module.css';

export function Changes({ number }: { number: number }) {
  const { t } = useWords();
  const { data, error, refetch } = useAct(number);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} height={24} />;
  return (
    <div className={classes.details}>
      {data.changes.length > 0 ? <Fields changes={data.changes} /> : <Text size="sm" c="dimmed">{t('au.same')}</Text>}
      <Text size="xs" c="dimmed" className={classes.digest}>{t('au.number')} {data.number} · {t('au.digest')} {data.digest}</Text>
    </div>
  );
}

function Fields({ changes }: { changes: ActChange[] }) {
  const { t, locale } = useWords();
  return (
    <Table className={classes.changes} layout="fixed">
      <Table.Thead>
        <Table.Tr>{(['field', 'before', 'after'] as const).map((name) => <Table.Th key={name}>{t(`au.${name}`)}</Table.Th>)}</Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((c) => (
          <Table.Tr key={c.field}>
            <Table.Td title={c.field}>{fieldOf(c.field, locale)}</Table.Td>
            {c.hidden ? <Table.Td colSpan={2} c="dimmed">{t('au.hidden')}</Table.Td> : (
              <>
                <Table.Td>{c.before ?? '—'}</Table.Td>
                <Table.Td>{c.after ?? '—'}</Table.Td>
              </>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
