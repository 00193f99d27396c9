/** Conversations over time: bars by who handled them, and the same as a table that is unfolded. */
import { Button, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { replaceEqualDeep } from '@tanstack/react-query';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useRoving } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import type { Bar } from '../../sync/statistics';
import { behind } from './behind';
import { sideways } from './Breakdown';
import { overTime, timeFrame, ways, type Colours } from './chart';
import { barToggled, isSame, type Span } from './place';
import { sayer } from './say';
import type { About } from './StatisticsPage';
import { useWords } from './text';
import { useNames } from './useNames';
import classes from './statistics.module.css';

const Chart = lazy(() => import('./Chart'));

const height = 260;
/** So many rows are shown at once. */
const some = 50;

const spanOf = (b: Bar): Span => ({ from: b.begins ?? '', to: b.ends ?? '' });

interface Props {
  bars: readonly Bar[];
  /** What the bars are of. */
  about: About;
  /** The stretch that is sliced by, at once. */
  chosen: Span | null;
  colours: Colours;
}

export const TimeChart = memo(function TimeChart({ bars, about, chosen, colours }: Props) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const { go } = about;
  const pick = useCallback((b: Bar | undefined) => b && go((now) => barToggled(now, spanOf(b))), [go]);
  const title = t('st.chart.time');
  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.legend}>
        <Title order={2} size="h5">{title}</Title>
        {ways.map((way) => (
          <Text key={way} component="span" size="sm" c="dimmed">
            <span className={classes.swatch} style={{ background: colours[way] }} aria-hidden /> {t(`st.handling.${way}`)}
          </Text>
        ))}
      </div>
      <Suspense fallback={<div style={{ height }} />}>
        <Drawing bars={bars} chosen={chosen} colours={colours} title={title} pick={pick} />
      </Suspense>
      <details className={classes.folded} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{t('st.time.table')}</summary>
        {open && <Twin bars={bars} about={about} chosen={chosen} title={title} pick={pick} />}
      </details>
    </section>
  );
});

interface DrawingProps extends Props {
  title: string;
  pick: (bar: Bar | undefined) => void;
}

function Drawing({ bars, chosen, colours, title, pick }: Omit<DrawingProps, 'about'>) {
  const { t, number, time, locale } = useWords();
  const names = useNames();
  const spans = useSpans(bars);
  const frame = useMemo(() => timeFrame(colours, {
    label: t('st.chart.label', { chart: title }), number, axis: shortNames(spans, locale, time),
    say: (at, figures) => {
      const lines = ways.map((way, i): [string, string] => [t(`st.handling.${way}`), number(figures[i] ?? 0)]);
      return sayer(names.span(spans[at]!), [[t('st.total'), number(figures.reduce((sum, n) => sum + n, 0))], ...lines]);
    },
  }), [spans, colours, title, t, number, time, locale, names]);
  const option = useMemo(() => ({ ...frame, ...overTime(bars, colours, spans.findIndex((span) => isSame(chosen, span))) }), [frame, bars, colours, spans, chosen]);
  return <Chart option={option} height={height} tall onPick={(at) => pick(bars[at])} />;
}

/** The stretches of the bars, the same ones as long as the figures alone change. */
function useSpans(bars: readonly Bar[]): readonly Span[] {
  const known = useRef<readonly Span[]>([]);
  const spans = useMemo(() => replaceEqualDeep(known.current, bars.map(spanOf)), [bars]);
  useEffect(() => {
    known.current = spans;
  }, [spans]);
  return spans;
}

/** What the axis calls them: hours within a day, days, or both. */
function shortNames(spans: readonly Span[], locale: string, time: (ms: number) => string): string[] {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const first = spans[0];
  const start = Date.parse(first?.from ?? '');
  const days = !!first && Date.parse(first.to) - start > 20 * 3_600_000;
  const within = spans.length > 0 && Date.parse(spans.at(-1)!.to) - start <= 25 * 3_600_000;
  const short = (ms: number) => (within && !days ? time(ms) : days ? day.format(ms) : `${day.format(ms)}\n${time(ms)}`);
  return spans.map(({ from }) => short(Date.parse(from)));
}

/** Stretches in which nothing ended have no rows. */
function Twin({ bars, about, chosen, title, pick }: Omit<DrawingProps, 'colours'>) {
  const { t, number } = useWords();
  const names = useNames();
  const { may } = useSession();
  const [most, setMost] = useState(some);
  const roving = useRoving<HTMLTableSectionElement>();
  const rows = useMemo(() => bars.filter((b) => b.total > 0).reverse(), [bars]);
  return (
    <div className={classes.twin}>
      <Table className={classes.rows} aria-label={title} horizontalSpacing={6} verticalSpacing={0}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('st.time.period')}</Table.Th>
            <Table.Th>{t('st.total')}</Table.Th>
            {ways.map((way) => <Table.Th key={way}>{t(`st.handling.${way}`)}</Table.Th>)}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody {...roving}>
          {rows.slice(0, most).map((b) => {
            const name = names.span(spanOf(b));
            const pressed = isSame(chosen, spanOf(b));
            const href = may('view_dialogs_search') ? behind(about.place, about.period, { bar: spanOf(b) }) : undefined;
            return (
              <Table.Tr key={b.begins} className={classes.row} data-pressed={pressed || undefined} onClick={() => pick(b)} onKeyDown={sideways}>
                <Table.Th scope="row"><UnstyledButton data-roving aria-pressed={pressed} className={classes.press}>{name}</UnstyledButton></Table.Th>
                <Table.Td>{number(b.total)}</Table.Td>
                {ways.map((way) => <Table.Td key={way}>{number(b[way])}</Table.Td>)}
                <Table.Td className={classes.to}>
                  {href && (
                    <Link href={href} tabIndex={-1} aria-label={t('st.behind.of', { what: name })} data-hint={t('st.behind')} className={classes.behind} onClick={(e) => e.stopPropagation()}>
                      <SearchIcon size={14} aria-hidden />
                    </Link>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {rows.length > most && <Button variant="subtle" size="compact-sm" onClick={() => setMost(most + some)}>{t('st.time.more')}</Button>}
    </div>
  );
}
