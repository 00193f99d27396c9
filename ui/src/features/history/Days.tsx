/** What was found, by the day it began: plates with dates, each with its conversations. HS-02 */
import { Badge, Button, Group, Text, UnstyledButton } from '@mantine/core';
import { memo, useEffect, useId, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { ChannelIcon, Empty, Failure, Lines, useRoving } from '../../kit';
import { ChevronDownIcon, DownloadIcon, StarFilledIcon } from '../../kit/icons';
import { problemOf } from '../../sync';
import { exportAddress, useDays, useFound, type Day, type Found, type HistoryQuery } from '../../sync/history';
import { useNames } from '../../sync/names';
import { Marked } from './Marked';
import { addressOf, isFiltered, type Place } from './place';
import { useWords } from './text';
import classes from './history.module.css';
import side from '../../kit/sideList.module.css';

interface Props {
  place: Place;
  query: HistoryQuery;
  /** Those that are unfolded, in order. */
  onShown: (ids: readonly string[]) => void;
}

export function Days({ place, query, onShown }: Props) {
  const { t, locale } = useWords();
  const { data, error, refetch } = useDays(query);
  const roving = useRoving<HTMLDivElement>();
  const shown = useShown(data?.days, onShown);
  if (!data) return error ? <Failure problem={problemOf(error)} retry={() => void refetch()} /> : <Lines rows={6} height={36} />;
  if (data.days.length === 0) {
    const why = isFiltered(place) ? 'hs.none' : 'hs.empty';
    return <Empty title={t(why)} text={t(`${why}.text`)} />;
  }
  return (
    <>
      <Group gap={8} px={16} py={6} justify="space-between" wrap="nowrap" className={classes.total}>
        <Text size="xs" c="dimmed" role="status">{t('hs.found', { count: data.total })}</Text>
        <Button
          component="a" href={exportAddress(query, locale)} download size="compact-xs" variant="default" leftSection={<DownloadIcon size={14} aria-hidden />} aria-label={t('hs.download.all')}
        >
          {t('hs.download')}
        </Button>
      </Group>
      <div className={side.scroll} {...roving}>
        {data.days.map((day, i) => (
          <DayGroup key={day.date} day={day} first={i === 0} place={place} query={query} onFound={shown} />
        ))}
      </div>
    </>
  );
}

/** Gathers what the unfolded days show, in their order. */
function useShown(days: readonly Day[] | undefined, tell: (ids: readonly string[]) => void) {
  const [byDay, setByDay] = useState<Record<string, readonly string[]>>({});
  useEffect(() => tell((days ?? []).flatMap(({ date }) => byDay[date] ?? [])), [days, byDay, tell]);
  return useMemo(() => (day: string, ids: readonly string[]) => setByDay((all) => ({ ...all, [day]: ids })), []);
}

interface DayProps {
  day: Day;
  first: boolean;
  place: Place;
  query: HistoryQuery;
  onFound: (day: string, ids: readonly string[]) => void;
}

const DayGroup = memo(function DayGroup({ day: { date: day, count }, first, place, query, onFound }: DayProps) {
  const { t, day: dayName } = useWords();
  const [open, setOpen] = useState(first);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFound(query, day, open);
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  useEffect(() => onFound(day, open ? items.map((x) => x.conversation_id) : []), [day, open, items, onFound]);
  const list = useId();
  return (
    <section>
      <h2 className={classes.dayHead}>
        <UnstyledButton className={classes.day} data-roving aria-expanded={open} aria-controls={list} onClick={() => setOpen(!open)}>
          <ChevronDownIcon size={16} aria-hidden className={classes.chevron} data-open={open || undefined} />
          <span className={classes.dayName}>{dayName(Date.parse(`${day}T12:00:00`))}</span>
          <span className={side.dim}>{count}</span>
        </UnstyledButton>
      </h2>
      <div id={list} hidden={!open}>
        {!data && error && <Failure problem={problemOf(error)} retry={() => void refetch()} />}
        {!data && !error && open && <Lines rows={3} height={32} />}
        <ul className={side.list}>
          {items.map((x) => (
            <li key={x.conversation_id}>
              <Row found={x} href={addressOf({ ...place, open: x.conversation_id })} current={x.conversation_id === place.open} />
            </li>
          ))}
        </ul>
        {hasNextPage && <Button variant="subtle" size="sm" m="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('hs.show.more')}</Button>}
      </div>
    </section>
  );
});

const Row = memo(function Row({ found: x, href, current }: { found: Found; href: string; current: boolean }) {
  const { t, time } = useWords();
  const names = useNames();
  const who = x.operators.map((id) => names.operator(id)).join(', ') || (x.handled === 'automatic' ? t('hs.handled.automatic') : t('hs.nobody'));
  const topic = names.topic(x.topic_id, '');
  return (
    <Link href={href} data-roving className={side.row} aria-current={current ? 'true' : undefined}>
      <ChannelIcon kind={x.kind} size={18} />
      <span className={side.grow}>
        <span className={side.name}>{x.customer_name || t('hs.nameless')}</span>
        <span className={side.dim}>{[time(Date.parse(x.opened_at)), who, topic].filter(Boolean).join(' · ')}</span>
        {x.fragment.length > 0 && <Marked fragment={x.fragment} />}
        <span className={side.badges}>
          {x.status === 'reviewed' && <Badge size="sm" variant="light" color="green" tt="none">{t('hs.status.reviewed')}</Badge>}
          {x.forgotten && <Badge size="sm" variant="light" color="gray" tt="none">{t('hs.gone')}</Badge>}
          {x.test && <Badge size="sm" variant="light" color="gray" tt="none">{t('hs.test')}</Badge>}
          {x.cause === 'MERGED' && <Badge size="sm" variant="light" color="gray" tt="none">{t('hs.merged')}</Badge>}
        </span>
      </span>
      {x.rating > 0 && (
        <span className={classes.stars} role="img" aria-label={t('hs.rated', { rating: x.rating })}>
          <StarFilledIcon size={14} aria-hidden /> {x.rating}
        </span>
      )}
    </Link>
  );
});
