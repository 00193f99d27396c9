/** A file is brought in: first it is only looked at, and then loaded whole or not at all. */
import { Alert, Button, FileButton, Group, List, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Failure, Lines, say, useFocusBack } from '../../../kit';
import { FinishIcon } from '../../../kit/icons';
import { problemOf, type Problem } from '../../../sync';
import { importKnowledge, type Imported } from '../../../sync/knowledge';
import { useSentence } from '../sentences';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  useFocusBack();
  const { file, found, problem, busy, look, load } = useImport(onClose);
  const news = found ? newsOf(found).length : 0;
  return (
    <Modal opened onClose={onClose} title={t('kb.import.title')} size="lg">
      <Stack gap="md">
        <Text size="sm">{t('kb.import.text')}</Text>
        <Pick file={file} onPick={look} />
        {problem ? <Failure problem={problem} /> : file && !found && <Lines rows={3} />}
        {found && (found.faults.length > 0 ? <Faults found={found} /> : <Good found={found} />)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
          <Button loading={busy} disabled={!found || found.faults.length > 0 || news === 0} onClick={load}>{t('kb.import')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function useImport(onDone: () => void) {
  const { t } = useWords();
  const [file, setFile] = useState<File>();
  const [found, setFound] = useState<Imported>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const look = async (next: File) => {
    setFile(next);
    setFound(undefined);
    setProblem(undefined);
    try {
      setFound(await importKnowledge(next, true));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };
  const load = async () => {
    if (!file) return;
    setBusy(true);
    try {
      // What was right a moment ago may be wrong by now.
      const done = await importKnowledge(file, false);
      if (done.faults.length > 0) return setFound(done);
      say(t('kb.import.done'));
      onDone();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { file, found, problem, busy, look: (next: File) => void look(next), load: () => void load() };
}

function Pick({ file, onPick }: { file?: File; onPick: (file: File) => void }) {
  const { t } = useWords();
  const [over, setOver] = useState(false);
  const drop = {
    onDragOver: (e: React.DragEvent) => {
      e.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: React.DragEvent) => {
      e.preventDefault();
      setOver(false);
      const [first] = e.dataTransfer.files;
      if (first) onPick(first);
    },
  };
  return (
    <div className={classes.drop} data-over={over || undefined} {...drop}>
      <Text size="sm" fw={file ? 600 : undefined}>{file?.name ?? t('kb.import.drop')}</Text>
      <FileButton accept=".csv,.json,text/csv,application/json" onChange={(picked) => picked && onPick(picked)}>
        {(props) => <Button {...props} variant={file ? 'default' : 'filled'} size="compact-sm">{t(file ? 'kb.import.again' : 'kb.import.pick')}</Button>}
      </FileButton>
    </div>
  );
}

const kinds = ['articles', 'slots', 'types'] as const;
const ways = ['added', 'changed'] as const;

/** What an import does, kind by kind. */
const newsOf = (found: Imported) =>
  kinds.flatMap((kind) => ways.map((way) => ({ kind, way, count: found[kind][way] }))).filter(({ count }) => count > 0);

function Good({ found }: { found: Imported }) {
  const { t } = useWords();
  const news = newsOf(found);
  return (
    <Alert color="green" variant="light" role="status" icon={<FinishIcon size={20} aria-hidden />} title={t('kb.import.good')}>
      <List size="sm">
        {news.map(({ kind, way, count }) => <List.Item key={`${kind} ${way}`}>{t(`kb.import.${way}.${kind}`, { count })}</List.Item>)}
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
