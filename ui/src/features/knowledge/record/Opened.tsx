/** The record that the address names: read first, or begun anew. */
import { Button } from '@mantine/core';
import { useState, type ComponentType } from 'react';
import { Empty, Failure, Lines, useLeaving } from '../../../kit';
import { newId, problemOf } from '../../../sync';
import { useEntry, type Entries, type Kept } from '../../../sync/knowledge';
import type { Go } from '../KnowledgePage';
import { fresh, type Place } from '../place';
import { useWords } from '../text';

export interface EditorProps<T> {
  id: string;
  /** What is kept now; none of a new record. */
  kept?: Kept<T>;
  place: Place;
  go: Go;
}

interface Props<T> {
  kind: Entries<T>;
  place: Place;
  go: Go;
  Editor: ComponentType<EditorProps<T>>;
}

export function Opened<T>({ kind, place, go, Editor }: Props<T>) {
  const [made] = useState(newId);
  const isNew = place.open === fresh;
  const unsaved = useLeaving((s) => s.unsaved);
  const { data, error, refetch } = useEntry(kind, isNew ? '' : place.open);
  if (isNew) return <Editor id={made} place={place} go={go} />;
  // Who edits what somebody else has removed keeps what was entered.
  if (error && problemOf(error).status === 404 && !unsaved) return <Missing place={place} go={go} />;
  if (data) return <Editor id={place.open} kept={data} place={place} go={go} />;
  return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={8} height={32} />;
}

function Missing({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  return (
    <Empty title={t(`kb.missing.${place.tab}`)} text={t('kb.missing.text')}>
      <Button mt="sm" onClick={() => go({ open: '' })}>{t(`kb.back.${place.tab}`)}</Button>
    </Empty>
  );
}
