/** «Разметка»: conversations that have ended, one after the other. */
import { Title } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Empty } from '../../kit';
import { TagIcon } from '../../kit/icons';
import { useStepCommands, useSteps } from '../../kit/steps';
import { useReviews, type Ended } from '../../sync/reviews';
import { Filters } from './Filters';
import { addressOf, placeOf, queryOf, type Place } from './place';
import { ReviewList } from './ReviewList';
import { Talk } from './Talk';
import { useWords } from './text';
import classes from './reviews.module.css';
import side from '../../kit/sideList.module.css';

export type Go = (change: Partial<Place>, replace?: boolean) => void;

const none: Ended[] = [];

export default function ReviewsPage() {
  const { t } = useWords();
  const { place, go } = usePlace();
  const list = useReviews(useMemo(() => queryOf(place), [place.state, place.line, place.account, place.from, place.to]));
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? none, [list.data]);
  // What has changed its state leaves the list, but not from under one's eyes.
  const items = useMemo(() => all.filter((e) => e.state === place.state || e.conversation_id === place.open), [all, place.state, place.open]);
  const step = useSteps(useMemo(() => items.map((e) => e.conversation_id), [items]), place.open, useCallback((open) => go({ open }), [go]));
  useStepCommands(step, { id: 'reviews', group: t('rv.keys.group'), previous: t('rv.previous'), next: t('rv.next') });
  return (
    <div className={side.page}>
      <aside className={classes.side} aria-label={t('rv.list')}>
        <div className={classes.head}>
          <Title order={1} size="h3">{t('rv.title')}</Title>
          <Filters place={place} go={go} />
        </div>
        <ReviewList place={place} go={go} items={items} list={list} />
      </aside>
      <section className={side.main} aria-label={t('rv.messages')}>
        {place.open ? (
          <Talk key={place.open} id={place.open} step={step} />
        ) : (
          <Empty icon={<TagIcon size={32} aria-hidden />} title={t('rv.choose')} text={t('rv.choose.text')} />
        )}
      </section>
    </div>
  );
}

function usePlace() {
  const [path, navigate] = useLocation();
  const query = useSearch();
  const place = useMemo(() => placeOf(path, query), [path, query]);
  const go = useCallback<Go>((change, replace) => navigate(addressOf({ ...place, ...change }), { replace }), [place, navigate]);
  return { place, go };
}
