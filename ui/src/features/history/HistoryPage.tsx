/** «Поиск обращений»: finished conversations by day, one of them to read, and what is known of it. */
import { Title } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Empty } from '../../kit';
import { MessagesIcon } from '../../kit/icons';
import { useStepCommands, useSteps } from '../../kit/steps';
import { Days } from './Days';
import { Filters } from './Filters';
import { One } from './One';
import { addressOf, placeOf, queryOf, type Place } from './place';
import type { HistorySlots } from './slots';
import { useWords } from './text';
import classes from './history.module.css';
import side from '../../kit/sideList.module.css';

export type Go = (change: Partial<Place>, replace?: boolean) => void;

export default function HistoryPage({ slots }: { slots: HistorySlots }) {
  const { t } = useWords();
  const { place, go } = usePlace();
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- which one is open is not looked for
  const query = useMemo(() => queryOf(place), [JSON.stringify({ ...place, open: '', tab: '' })]);
  const [shown, setShown] = useState<readonly string[]>(none);
  const step = useSteps(shown, place.open, useCallback((open) => go({ open }), [go]));
  useStepCommands(step, { id: 'history', group: t('hs.keys.group'), previous: t('hs.previous'), next: t('hs.next') });
  return (
    <div className={side.page}>
      <aside className={classes.side} aria-label={t('hs.list')}>
        <div className={classes.head}>
          <Title order={1} size="h3">{t('hs.title')}</Title>
          <Filters place={place} go={go} />
        </div>
        <Days place={place} query={query} onShown={setShown} />
      </aside>
      <section className={side.main} aria-label={t('hs.one')}>
        {place.open ? (
          <One key={place.open} place={place} go={go} step={step} slots={slots} />
        ) : (
          <Empty icon={<MessagesIcon size={32} aria-hidden />} title={t('hs.choose')} text={t('hs.choose.text')} />
        )}
      </section>
    </div>
  );
}

const none: readonly string[] = [];

function usePlace() {
  const [path, navigate] = useLocation();
  const query = useSearch();
  const place = useMemo(() => placeOf(path, query), [path, query]);
  const go = useCallback<Go>((change, replace) => navigate(addressOf({ ...place, ...change }), { replace }), [place, navigate]);
  return { place, go };
}
