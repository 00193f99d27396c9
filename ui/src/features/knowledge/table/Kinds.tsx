/** What each table shows, and where its rows come from. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useArticles, useArticleTypes, useSlots, type ArticleRow, type ArticleType, type Kept, type Slot } from '../../../sync/knowledge';
import type { Go } from '../KnowledgePage';
import type { Place } from '../place';
import { pageOf, type Reader } from '../rows';
import { useWords } from '../text';
import { useNames } from '../useNames';
import { DataTable, type Column } from './DataTable';

interface Props {
  place: Place;
  go: Go;
}

/** The server searches and sorts: there may be very many. */
export function ArticlesTable({ place, go }: Props) {
  const { t } = useWords();
  const names = useNames();
  const { search, sort, descending, page, size } = place;
  const { data, error, isFetching, refetch } = useArticles({
    query: search, sort: sort || 'identifier', order: descending ? 'desc' : 'asc', limit: size, offset: (page - 1) * size,
  });
  const columns: Column<Kept<ArticleRow>>[] = [
    { name: 'identifier', label: t('kb.identifier'), width: '26%', show: ({ value }) => value.identifier },
    { name: 'title', label: t('kb.title'), show: ({ value }) => value.title },
    { name: 'type', label: t('kb.type'), width: '18%', show: ({ value }) => names.type(value.typeId) },
    { name: 'changed', label: t('kb.changed'), width: '18%', show: (row) => <Changed row={row} /> },
  ];
  return (
    <DataTable
      place={place} go={go} columns={columns} rows={data?.items} total={data?.total ?? 0} idOf={(row) => row.value.articleId}
      problem={error} busy={isFetching} refresh={() => void refetch()}
    />
  );
}

export function SlotsTable(props: Props) {
  const { t } = useWords();
  const columns: Column<Kept<Slot>>[] = [
    { name: 'name', label: t('kb.slot.name'), show: ({ value }) => value.name || value.identifier },
    { name: 'identifier', label: t('kb.identifier'), width: '24%', show: ({ value }) => value.identifier },
    { name: 'type', label: t('kb.slot.type'), width: '22%', show: ({ value }) => t(`kb.slot.type.${value.type}`) },
    { name: 'kind', label: t('kb.slot.kind'), width: '12%', show: ({ value }) => t(`kb.slot.kind.${value.kind}`) },
    { name: 'changed', label: t('kb.changed'), width: '18%', show: (row) => <Changed row={row} /> },
  ];
  const readers = useMemo<Record<string, Reader<Kept<Slot>>>>(
    () => ({
      name: ({ value }) => value.name || value.identifier, identifier: ({ value }) => value.identifier,
      type: ({ value }) => t(`kb.slot.type.${value.type}`), kind: ({ value }) => t(`kb.slot.kind.${value.kind}`), changed: changedAt,
    }),
    [t],
  );
  return <Short {...props} list={useSlots()} columns={columns} readers={readers} idOf={(row) => row.value.slotId} />;
}

export function TypesTable(props: Props) {
  const { t } = useWords();
  const columns: Column<Kept<ArticleType>>[] = [
    { name: 'name', label: t('kb.type.name'), show: ({ value }) => value.name || value.identifier },
    { name: 'identifier', label: t('kb.identifier'), width: '30%', show: ({ value }) => value.identifier },
    { name: 'changed', label: t('kb.changed'), width: '22%', show: (row) => <Changed row={row} /> },
  ];
  return <Short {...props} list={useArticleTypes()} columns={columns} readers={typeReaders} idOf={(row) => row.value.typeId} />;
}

const changedAt = (row: Kept<unknown>) => row.at;
const typeReaders: Record<string, Reader<Kept<ArticleType>>> = {
  name: ({ value }) => value.name || value.identifier, identifier: ({ value }) => value.identifier, changed: changedAt,
};

interface ShortProps<T> extends Props {
  list: { data?: T[]; error: unknown; isFetching: boolean; refetch: () => unknown };
  columns: readonly Column<T>[];
  readers: Record<string, Reader<T>>;
  idOf: (row: T) => string;
}

/** A table that is here as a whole: it is searched and sorted on the page. */
function Short<T>({ place, go, list, columns, readers, idOf }: ShortProps<T>) {
  const { locale } = useWords();
  const { data } = list;
  const page = useMemo(() => data && pageOf(data, place.sort ? place : { ...place, sort: 'identifier' }, readers, locale), [data, place, readers, locale]);
  return (
    <DataTable
      place={place} go={go} columns={columns} rows={page?.rows} total={page?.total ?? 0} idOf={idOf}
      problem={list.error} busy={list.isFetching} refresh={() => void list.refetch()}
    />
  );
}

function Changed({ row }: { row: Kept<unknown> }) {
  const { dateTime } = useWords();
  return <Text span size="sm" c="dimmed">{row.at && dateTime(Date.parse(row.at))}</Text>;
}
