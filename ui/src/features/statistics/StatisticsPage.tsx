/** «Статистика»: finished conversations in figures, which a press on any part of them slices. */
import { ActionIcon, Button, Group, Text, Title } from '@mantine/core';
import { replaceEqualDeep } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Empty, Failure, Hint, Lines } from '../../kit';
import { DownloadIcon, RefreshIcon } from '../../kit/icons';
import { serverNow } from '../../sync';
import { tableURL, useDefinitions, useStatistics, type Statistics } from '../../sync/statistics';
import { Charts } from './Charts';
import { Chips } from './Chips';
import { Figures } from './Figures';
import { Operators } from './Operators';
import { Period } from './Period';
import { addressOf, during, isSliced, periodOf, placeOf, queryOf, stepOf, usualRange, type Place, type Span } from './place';
import { Statuses } from './Statuses';
import { useShown } from './useShown';
import { useWords } from './text';
import classes from './statistics.module.css';

/** A change may be made of the place as it is when it is made. */
export type Go = (change: Partial<Place> | ((now: Place) => Partial<Place>), replace?: boolean) => void;

/** What all parts of the page are about. */
export interface About {
  place: Place;
  period: Span;
  /** Of the period and the slices, as the server is asked. */
  query: string;
  go: Go;
}

export default function StatisticsPage() {
  const { t } = useWords();
  const { place, go } = usePlace();
  const [asked, setAsked] = useState(serverNow);
  const about = useAbout(place, go, asked);
  const step = stepOf(place, about.period);
  const counted = useStatistics(`${about.query}&${stepQuery(step)}`);
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h3">{t('st.title')}</Title>
        <Head query={about.query} at={asked} busy={counted.isFetching} refresh={() => setAsked(serverNow())} />
      </Group>
      <Period range={place.range} from={place.from} to={place.to} period={about.period} step={step} go={go} />
      <Chips about={about} />
      {counted.data ? (
        <>
          {counted.error && <Failure problem={counted.error} retry={() => void counted.refetch()} />}
          <Counted counted={counted.data} about={about} late={counted.isPlaceholderData} />
        </>
      ) : counted.error ? <Failure problem={counted.error} retry={() => void counted.refetch()} /> : <Lines rows={12} height={28} />}
    </div>
  );
}

const stepQuery = (step: string) => new URLSearchParams({ step, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }).toString();

function usePlace() {
  const [, navigate] = useLocation();
  const query = useSearch();
  const before = useRef<Place>(undefined);
  // What has not changed stays the same thing, so that its chart is not drawn anew.
  const place = useMemo(() => replaceEqualDeep(before.current, placeOf(query)), [query]);
  useEffect(() => {
    before.current = place;
  }, [place]);
  const go = useCallback<Go>((change, replace) => {
    const now = placeOf(location.search);
    navigate(addressOf({ ...now, ...(typeof change === 'function' ? change(now) : change) }), { replace });
  }, [navigate]);
  return { place, go };
}

/** A quick range ends when it was asked for: slices and pages of it are of the same moment. */
function useAbout(place: Place, go: Go, asked: number): About {
  const { range, from, to } = place;
  const period = useMemo(() => periodOf({ range, from, to }, asked), [range, from, to, asked]);
  return useMemo(() => ({ place, period, go, query: queryOf(place, period) }), [place, period, go]);
}

function Head({ query, at, busy, refresh }: { query: string; at: number; busy: boolean; refresh: () => void }) {
  const { t, locale, time } = useWords();
  return (
    <Group gap="xs">
      <Link href="/knowledge/surveys" className={classes.link}>{t('st.surveys')}</Link>
      <Text size="sm" c="dimmed" ml="xs" className={classes.digits}>{t('st.at', { at: time(at) })}</Text>
      <Hint label={t('st.refresh')}>
        <ActionIcon variant="default" size={36} aria-label={t('st.refresh')} loading={busy} onClick={refresh}>
          <RefreshIcon size={18} aria-hidden />
        </ActionIcon>
      </Hint>
      <Button component="a" href={tableURL('figures', query, locale)} download variant="default" leftSection={<DownloadIcon size={16} aria-hidden />} aria-label={t('st.download.figures')}>
        {t('st.download')}
      </Button>
    </Group>
  );
}

function Counted({ counted, about, late }: { counted: Statistics; about: About; late: boolean }) {
  const { t } = useWords();
  const definitions = useDefinitions();
  const shown = useShown(about, late);
  const total = counted.figures.find((f) => f.id === 'total')?.value ?? 0;
  if (total === 0 && !isSliced(about.place)) {
    return (
      <>
        <Nothing about={about} />
        <Statuses about={about} />
      </>
    );
  }
  return (
    <div className={classes.counted} aria-busy={late}>
      {total === 0 && <Text role="status">{t('st.none.sliced')}</Text>}
      {definitions.data ? <Figures figures={counted.figures} definitions={definitions.data} about={shown} /> : definitions.error && (
        <Failure problem={definitions.error} retry={() => void definitions.refetch()} />
      )}
      <Charts charts={counted.charts} about={shown} chosen={about.place} />
      <Operators about={about} />
      <Statuses about={about} />
    </div>
  );
}

function Nothing({ about: { place, go } }: { about: About }) {
  const { t } = useWords();
  return (
    <Empty title={t('st.none')} text={t('st.none.text')}>
      {place.range !== usualRange && <Button variant="default" mt="sm" onClick={() => go(during({ range: usualRange }))}>{t('st.none.longer')}</Button>}
    </Empty>
  );
}
