import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, Failure, Lines, say, useFocusBack } from '../../../kit';
import { problemOf } from '../../../sync';
import { bringBack, useRemoved, type Removed } from '../../../sync/knowledge/removed';
import { useOurReason } from '../sentences';
import { useWords } from '../text';
import { usePerson } from '../useNames';
import classes from './removed.module.css';

export default function RemovedList() {
  const { t } = useWords();
  useFocusBack();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRemoved();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={32} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Text size="sm" c="dimmed">{t('kb.removed.none')}</Text>;
  return (
    <>
      <ul className={classes.list}>{items.map((one) => <Row key={`${one.kind} ${one.id}`} removed={one} />)}</ul>
      {hasNextPage && <Button variant="subtle" fullWidth mt="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('kb.removed.more')}</Button>}
    </>
  );
}

const what = { articles: 'kb.removed.article', slots: 'kb.removed.slot', 'article-types': 'kb.removed.type' } as const;

function Row({ removed: one }: { removed: Removed }) {
  const { t, dateTime } = useWords();
  const person = usePerson();
  const reason = useOurReason();
  const [busy, setBusy] = useState(false);
  const name = one.title || one.identifier;
  const back = async () => {
    setBusy(true);
    try {
      await bringBack(one);
      say(t('kb.said.back', { name }));
    } catch (thrown) {
      complain(reason(problemOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <div className={classes.name}>{name}</div>
        <div className={classes.dim}>{t(what[one.kind])} {one.identifier} · {dateTime(Date.parse(one.removed))}, {person(one.by)}</div>
      </div>
      <Button size="compact-sm" variant="light" loading={busy} aria-label={t('kb.removed.backOne', { name })} onClick={() => void back()}>{t('kb.removed.back')}</Button>
    </li>
  );
}
