/** The conversations that were found, the latest first. */
import { Badge, Button, Text } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { ChannelIcon, Empty, Failure, Lines, useRoving } from '../../kit';
import type { Ended, useReviews } from '../../sync/reviews';
import { useNames } from '../../sync/names';
import { addressOf, isFiltered, type Place } from './place';
import type { Go } from './ReviewsPage';
import { useWords } from './text';
import classes from './reviews.module.css';
import side from '../../kit/sideList.module.css';

interface Props {
  place: Place;
  go: Go;
  items: readonly Ended[];
  list: ReturnType<typeof useReviews>;
}

export function ReviewList({ place, items, list }: Props) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const roving = useRoving<HTMLUListElement>();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={36} />;
  const shown = items.filter((e) => e.state === place.state).length;
  return (
    <div className={side.scroll}>
      {items.length === 0 && !hasNextPage ? (
        <Nothing place={place} />
      ) : (
        <>
          <Text size="xs" c="dimmed" px={16} py={8} role="status">{t(hasNextPage ? 'rv.shown.more' : 'rv.shown', { count: shown })}</Text>
          <ul className={side.list} {...roving}>
            {items.map((e) => (
              <li key={e.conversation_id}>
                <Row ended={e} href={addressOf({ ...place, open: e.conversation_id })} current={e.conversation_id === place.open} />
              </li>
            ))}
          </ul>
        </>
      )}
      {hasNextPage && <Button variant="subtle" size="sm" m="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('rv.more')}</Button>}
    </div>
  );
}

function Nothing({ place }: { place: Place }) {
  const { t } = useWords();
  const kind = isFiltered(place) ? 'found' : place.state;
  return <Empty title={t(`rv.none.${kind}`)} text={t(`rv.none.${kind}.text`)} />;
}

const Row = memo(function Row({ ended: e, href, current }: { ended: Ended; href: string; current: boolean }) {
  const { t, dateTime } = useWords();
  const names = useNames();
  const who = e.operator_id ? names.operator(e.operator_id) : e.agent_id ? t('rv.agent') : t('rv.nobody');
  const topic = names.topic(e.topic_id, '');
  return (
    <Link href={href} data-roving className={side.row} aria-current={current ? 'true' : undefined}>
      <ChannelIcon kind={e.kind} size={18} />
      <span className={side.grow}>
        <span className={side.name}>{e.customer_name || t('rv.customer')}</span>
        <span className={classes.dim}>{[dateTime(Date.parse(e.closed_at)), who, topic].filter(Boolean).join(' · ')}</span>
        <span className={side.badges}>
          {e.labels > 0 && <Badge size="sm" variant="light" tt="none">{t('rv.labels', { count: e.labels })}</Badge>}
          {e.state === 'reviewed' && <Badge size="sm" variant="light" color="green" tt="none">{t('rv.state.reviewed')}</Badge>}
          {e.test && <Badge size="sm" variant="light" color="gray" tt="none">{t('rv.test')}</Badge>}
        </span>
      </span>
    </Link>
  );
});
