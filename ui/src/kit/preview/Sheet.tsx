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

export async function read(data: Blob): Promise<Page[]> {
  const book = readBook(await data.arrayBuffer(), { dense: true, sheetRows: ROWS + 1, cellHTML: false, cellFormula: false, bookVBA: false });
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
