/** A document of Word 97–2003 as the text that it holds. */
import { Text } from '@mantine/core';
import { lazy } from 'react';
import { useText } from '../../i18n';
import type { ViewProps } from './FilePreview';
import { useMade } from './useShow';
import { FILE_LIMIT, type WordText } from './word';

/** What no honest file takes to read. */
const PATIENCE = 15_000;

const Newer = lazy(() => import('./Document'));

/** Whether the file is of the newer kind under the old ending: then it is an archive. */
async function isNewer(data: Blob): Promise<boolean> {
  const [p, k] = new Uint8Array(await data.slice(0, 2).arrayBuffer());
  return p === 0x50 && k === 0x4b;
}

async function read(data: Blob): Promise<WordText | 'newer'> {
  if (await isNewer(data)) return 'newer';
  if (data.size > FILE_LIMIT) throw new RangeError('the file is too large');
  const bytes = await data.arrayBuffer();
  const worker = new Worker(new URL('./word.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<WordText>((resolve, reject) => {
    setTimeout(() => reject(new Error('the file takes too long')), PATIENCE);
    worker.addEventListener('error', reject);
    worker.addEventListener('message', (e: MessageEvent<{ read?: WordText }>) => (e.data.read ? resolve(e.data.read) : reject(e)));
    worker.postMessage(bytes, [bytes]);
  }).finally(() => worker.terminate());
}

export default function Word({ data, name }: ViewProps) {
  const { t } = useText();
  const [made, instead] = useMade(data, read);
  if (!made) return instead;
  if (made === 'newer') return <Newer data={data} name={name} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t(made.cut ? 'kit.preview.beginning' : 'kit.preview.textOnly')}
      </Text>
      <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0, font: 'inherit', lineHeight: 1.6, tabSize: 4 }}>{made.text}</pre>
    </>
  );
}
