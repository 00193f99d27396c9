/** A text as text. */
import type { ViewProps } from './FilePreview';
import { useMade } from './useShow';

const LIMIT = 200_000;
const read = async (data: Blob) => (await data.slice(0, LIMIT).text()) || ' ';

export default function PlainText({ data }: ViewProps) {
  const [text, instead] = useMade(data, read);
  return instead ?? <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0, fontSize: 13 }}>{text}</pre>;
}
