/** A list of records: what it is about, a search, a button for a new one, and a table whose rows open a form. */
import { Button, Table, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty } from '../Empty';
import { AddIcon, SearchIcon } from '../icons';
import { useWords } from './text';
import classes from './sheet.module.css';

export interface Column<T> {
  title: string;
  show: (one: T) => ReactNode;
  width?: number | string;
}

interface Props<T> {
  lead: string;
  add: { text: string; href: string };
  /** What is there, in order. */
  records: readonly T[];
  idOf: (one: T) => string;
  /** What people call it; it leads to the form. */
  nameOf: (one: T) => string;
  /** Before its name. */
  iconOf?: (one: T) => ReactNode;
  name: string;
  /** What the table is called, for who does not see what stands above it. */
  label?: string;
  hrefOf: (id: string) => string;
  columns: readonly Column<T>[];
  /** All words that are looked through. */
  wordsOf: (one: T) => string;
  query: string;
  search: (query: string) => void;
  none: { title: string; text: string; icon?: ReactNode };
}

export function plain(text: string): string {
  return text.trim().toLocaleLowerCase('ru').replaceAll('ё', 'е');
}

export function Records<T>({ lead, add, records, none, ...list }: Props<T>) {
  const { t } = useWords();
  const wanted = plain(list.query);
  const shown = records.filter((one) => plain(list.wordsOf(one)).includes(wanted));
  return (
    <>
      <div className={classes.head}>
        <p className={classes.lead}>{lead}</p>
        <Button component={Link} href={add.href} leftSection={<AddIcon size={16} aria-hidden />} flex="none">{add.text}</Button>
      </div>
      {records.length === 0 ? <Empty icon={none.icon} title={none.title} text={none.text} /> : (
        <>
          <TextInput
            type="search" maw={360} aria-label={t('sheet.search')} placeholder={t('sheet.search')} leftSection={<SearchIcon size={16} aria-hidden />}
            value={list.query} onChange={(e) => list.search(e.currentTarget.value)}
          />
          {shown.length === 0 ? <Empty title={t('sheet.unfound')} text={t('sheet.unfound.text')} /> : <Rows {...list} shown={shown} />}
        </>
      )}
    </>
  );
}

type RowsProps<T> = { shown: readonly T[] } & Pick<Props<T>, 'name' | 'label' | 'columns' | 'idOf' | 'nameOf' | 'iconOf' | 'hrefOf'>;

function Rows<T>({ shown, name, label, columns, idOf, nameOf, iconOf, hrefOf }: RowsProps<T>) {
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table className={classes.table} verticalSpacing="xs" withTableBorder aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{name}</Table.Th>
            {columns.map((c) => <Table.Th key={c.title} w={c.width}>{c.title}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((one) => (
            <Table.Tr key={idOf(one)}>
              <Table.Td><Link href={hrefOf(idOf(one))} className={classes.rowLink}>{iconOf?.(one)}{nameOf(one)}</Link></Table.Td>
              {columns.map((c) => <Table.Td key={c.title}>{c.show(one)}</Table.Td>)}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
