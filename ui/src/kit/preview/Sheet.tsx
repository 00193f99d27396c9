/** A table of a spreadsheet: the written values alone, as text. */
import { ScrollArea, Table, Tabs, Text } from '@mantine/core';
import { read as readBook, utils } from '@e965/xlsx';
import { useText } from '../../i18n';
import type { ViewProps } from './FilePreview';
import { useMade } from './useShow';

const ROWS = 500;
const COLUMNS = 60;

interface Page {
  name: string;
  rows: string[][];
  cut: boolean;
}

const options = { dense: true, sheetRows: ROWS + 1, cellHTML: false, cellFormula: false, bookVBA: false } as const;

/** A workbook is an archive or an old compound file; everything else is lines of text. */
function isBook(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf);
}

/** Text is UTF-8, or else what Russian spreadsheets have always written. */
function words(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

export async function read(data: Blob): Promise<Page[]> {
  const bytes = new Uint8Array(await data.arrayBuffer());
  const book = isBook(bytes) ? readBook(bytes, { ...options, type: 'array' }) : readBook(words(bytes), { ...options, type: 'string' });
  return book.SheetNames.map((name) => {
    const sheet = book.Sheets[name];
    const all = sheet ? utils.sheet_to_json<unknown[]>(sheet, { header: 1, raw: false, defval: '' }) : [];
    const rows = all.slice(0, ROWS).map((row) => row.slice(0, COLUMNS).map(String));
    return { name, rows, cut: all.length > ROWS || all.some((row) => row.length > COLUMNS) };
  });
}

export default function Sheet({ data }: ViewProps) {
  const [pages, instead] = useMade(data, read);
  if (!pages) return instead;
  if (pages.length === 1) return <Rows page={pages[0]!} />;
  return (
    <Tabs defaultValue={pages[0]?.name} keepMounted={false}>
      <Tabs.List mb="sm">
        {pages.map((p) => (
          <Tabs.Tab key={p.name} value={p.name}>
            {p.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {pages.map((p) => (
        <Tabs.Panel key={p.name} value={p.name}>
          <Rows page={p} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Rows({ page }: { page: Page }) {
  const { t } = useText();
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': page.name }}>
      <Table withTableBorder withColumnBorders fz="sm" striped w="auto">
        <Table.Tbody>
          {page.rows.map((row, y) => (
            <Table.Tr key={y}>
              {row.map((cell, x) => (
                <Table.Td key={x}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {page.cut && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('kit.preview.cut')}
        </Text>
      )}
    </ScrollArea>
  );
}
