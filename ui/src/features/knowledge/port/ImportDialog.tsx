/** Knowledge is brought in from a file. */
import { Alert, List, Table } from '@mantine/core';
import { FinishIcon } from '../../../kit/icons';
import { ImportDialog as KitImport } from '../../../kit/import/ImportDialog';
import { problemOf } from '../../../sync';
import { importKnowledge, type Imported } from '../../../sync/knowledge';
import { useOurReason, useSentence } from '../sentences';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const reason = useOurReason();
  return (
    <KitImport
      words={{
        title: t('kb.import.title'), text: t('kb.import.text'), drop: t('kb.import.drop'), pick: t('kb.import.pick'),
        again: t('kb.import.again'), broken: t('kb.import.broken'), load: t('kb.import'),
      }}
      size="lg" accept=".csv,.json,.zip,text/csv,application/json,application/zip" close={onClose} bring={importKnowledge} reason={(thrown) => reason(problemOf(thrown))}
      loaded={(done) => done.faults.length === 0} said={() => t('kb.import.done')}
      ready={(found) => found.faults.length === 0 && newsOf(found).length > 0}
      show={(found) => (found.faults.length > 0 ? <Faults found={found} /> : <Good found={found} />)}
    />
  );
}

const kinds = ['articles', 'slots', 'types'] as const;
const ways = ['added', 'changed'] as const;

/** What an import does, kind by kind. */
const newsOf = (found: Imported) =>
  [...kinds.flatMap((kind) => ways.map((way) => ({ kind, way, count: found[kind][way] }))), { kind: 'files', way: 'added', count: found.files } as const]
    .filter(({ count }) => count > 0);

function Good({ found }: { found: Imported }) {
  const { t } = useWords();
  const news = newsOf(found);
  return (
    <Alert color="green" variant="light" role="status" icon={<FinishIcon size={20} aria-hidden />} title={t('kb.import.good')}>
      <List size="sm">
        {news.map(({ kind, way, count }) => <List.Item key={`${kind} ${way}`}>{kind === 'files' ? t('kb.import.added.files', { count }) : t(`kb.import.${way}.${kind}`, { count })}</List.Item>)}
        {news.length === 0 && <List.Item>{t('kb.import.nothing')}</List.Item>}
      </List>
    </Alert>
  );
}

function Faults({ found: { faults, more } }: { found: Imported }) {
  const { t } = useWords();
  const sentence = useSentence();
  return (
    <Alert color="red" variant="light" role="alert" title={t('kb.import.faults', { count: faults.length + more })}>
      <div className={classes.faults}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('kb.import.line')}</Table.Th>
              <Table.Th>{t('kb.import.field')}</Table.Th>
              <Table.Th>{t('kb.import.fault')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {faults.map((fault, i) => (
              <Table.Tr key={i}>
                <Table.Td>{fault.line || '—'}</Table.Td>
                <Table.Td>{fault.field || '—'}</Table.Td>
                <Table.Td>{sentence(fault.detail)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Alert>
  );
}
