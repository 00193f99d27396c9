/**
 * Looks at a file: pictures, PDF, tables and documents. Each library is loaded
 * when the first such file is opened. Nothing in a file runs, and nothing it
 * names is fetched.
 */
import { Button, Group, Modal, ScrollArea, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { useText } from '../../i18n';
import { Empty } from '../Empty';
import { Failure, type Wrong } from '../Failure';
import { DownloadIcon, FileIcon } from '../icons';
import { Lines } from '../Late';
import { useFocusBack } from '../useFocusBack';
import { previewKind, type Kind } from './kinds';

export interface PreviewFile {
  name: string;
  mime: string;
  size: number;
  url: string;
}

/** Whether what went wrong is of the file, which was held back, and not of who asks. */
export const isHeldBack = (wrong: unknown): wrong is Wrong => (wrong as Wrong | null)?.field === 'file';

/** Hardly any file is held back. */
const HeldBack = lazy(() => import('./HeldBack'));

/** What each way of showing is given. */
export interface ViewProps {
  data: Blob;
  name: string;
}

const views: Record<Kind, ComponentType<ViewProps>> = {
  image: lazy(() => import('./Picture')),
  pdf: lazy(() => import('./Pages')),
  sheet: lazy(() => import('./Sheet')),
  document: lazy(() => import('./Document')),
  word: lazy(() => import('./Word')),
  text: lazy(() => import('./PlainText')),
};

interface Props {
  file: PreviewFile;
  /** Is told why the file was held back, if it was. */
  onClose: (heldBack?: Wrong) => void;
}

export function FilePreview({ file, onClose }: Props) {
  const { t, bytes } = useText();
  const [problem, setProblem] = useState<unknown>(null);
  const held = isHeldBack(problem) ? problem : undefined;
  useFocusBack();
  const title = (
    <Group gap="sm" wrap="nowrap">
      <Text fw={600} truncate>
        {file.name}
      </Text>
      <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {bytes(file.size)}
      </Text>
      {!held && (
        <Button component="a" href={file.url} download={file.name} size="compact-sm" variant="light" leftSection={<DownloadIcon size={14} aria-hidden />}>
          {t('kit.download')}
        </Button>
      )}
    </Group>
  );
  return (
    <Modal
      opened
      onClose={() => onClose(held)}
      size="min(1100px, 94vw)"
      title={title}
      closeButtonProps={{ 'aria-label': t('kit.close') }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Shown key={file.url} file={file} problem={problem} setProblem={setProblem} />
    </Modal>
  );
}

function Shown({ file, problem, setProblem }: { file: PreviewFile; problem: unknown; setProblem: (problem: unknown) => void }) {
  const { t } = useText();
  const kind = previewKind(file.name, file.mime);
  const [data, setData] = useState<Blob | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (!kind) return;
    const stop = new AbortController();
    setProblem(null);
    fetch(file.url, { signal: stop.signal, credentials: 'same-origin' })
      .then((r) => (r.ok ? r.blob() : refusal(r)))
      .then(setData)
      .catch((e) => stop.signal.aborted || setProblem(e.status ? e : { kind: 'network' }));
    return () => stop.abort();
  }, [file.url, kind, tries, setProblem]);

  if (!kind) return <Empty icon={<FileIcon size={32} aria-hidden />} title={t('kit.preview.none')} text={t('kit.preview.download')} />;
  const retry = () => setTries(tries + 1);
  if (isHeldBack(problem)) return <Suspense fallback={<Lines rows={2} />}><HeldBack why={problem} retry={retry} /></Suspense>;
  if (problem) return <Failure problem={problem} retry={retry} />;
  if (!data) return <Lines rows={8} />;
  const View = views[kind];
  return (
    <Suspense fallback={<Lines rows={8} />}>
      <View data={data} name={file.name} />
    </Suspense>
  );
}

async function refusal(answer: Response): Promise<never> {
  throw { ...((await answer.json().catch(() => null)) as object | null), status: answer.status };
}
