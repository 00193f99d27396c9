/** A table of users is brought in: what would become of each row is seen first. */
import { Alert, Table } from '@mantine/core';
import { ImportDialog as KitImport } from '../../kit/import/ImportDialog';
import { importUsers, useOrganisation, type Imported } from '../../sync/users';
import { Outcomes } from './Outcomes';
import { useOurWords, useWhy } from './sentences';
import { useWords } from './text';

export function ImportDialog({ close }: { close: () => void }) {
  const { t } = useWords();
  const reason = useWhy();
  const organisation = useOrganisation().data;
  return (
    <KitImport
      words={{
        title: t('users.import.title'), text: t('users.import.text'), drop: t('users.import.drop'), pick: t('users.import.pick'),
        again: t('users.import.again'), broken: t('users.import.broken'), load: t('users.import.load'),
      }}
      size="xl" accept=".csv,.txt,text/csv" close={close} bring={importUsers} reason={reason}
      loaded={(done) => done.done} said={(done) => t('users.import.done', { count: done.new + done.changed })}
      ready={(found) => found.places.length === 0 && found.wrong === 0 && found.new + found.changed > 0}
      hint={(found) => (found.wrong > 0 ? t('users.many.wrong') : undefined)}
      show={(found) => (found.places.length > 0 ? <Places found={found} /> : organisation && <Outcomes found={found} organisation={organisation} />)}
    />
  );
}

/** Where the file is no table of users. */
function Places({ found }: { found: Imported }) {
  const { t } = useWords();
  const ours = useOurWords();
  return (
    <Alert color="red" variant="light" role="alert" title={t('users.import.broken')}>
      <Table>
        <Table.Tbody>
          {found.places.map((p, i) => (
            <Table.Tr key={i}>
              <Table.Td w={110}>{t('users.import.place', { line: p.line })}</Table.Td>
              <Table.Td>{[p.field, ours(p.detail)].filter(Boolean).join(': ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}
