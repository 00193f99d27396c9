/** Conversations over time: bars by who handled them, and the same as a table that is unfolded. */
import { Button, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useRoving } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import type { Bar } from '../../sync/statistics';
import { behind } from './behind';
import { sideways } from './Breakdown';
import { overTime, type Colours } from './chart';
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

const ways = ['by_operators', 'automatic', 'unserved'] as const;
const spanOf = (b: Bar): Span => ({ from: b.begins ?? '', to: b.ends ?? '' });

interface Props {
  bars: readonly Bar[];
  about: About;
  colours: Colours;
}

export function TimeChart({ bars, about, colours }: Props) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const { place, go } = about;
  const pick = (b: Bar | undefined) => b && go(barToggled(place, spanOf(b)));
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
        <Drawing bars={bars} about={about} colours={colours} title={title} pick={pick} />
      </Suspense>
      <details className={classes.folded} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{t('st.time.table')}</summary>
        {open && <Twin bars={bars} about={about} title={title} pick={pick} />}
      </details>
    </section>
  );
}

interface DrawingProps extends Props {
  title: string;
  pick: (bar: Bar | undefined) => void;
}

function Drawing({ bars, about, colours, title, pick }: DrawingProps) {
  const { t, number, time, locale } = useWords();
  const names = useNames();
  const { bar } = about.place;
  const option = useMemo(() => {
    const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
    const first = bars[0];
    const days = !!first && Date.parse(first.ends ?? '') - Date.parse(first.begins ?? '') > 20 * 3_600_000;
    const within = bars.length > 0 && Date.parse(bars.at(-1)!.ends ?? '') - Date.parse(first?.begins ?? '') <= 25 * 3_600_000;
    const short = (ms: number) => (within && !days ? time(ms) : days ? day.format(ms) : `${day.format(ms)}\n${time(ms)}`);
    return overTime(bars, colours, {
      label: t('st.chart.label', { chart: title }), number,
      names: { by_operators: t('st.handling.by_operators'), automatic: t('st.handling.automatic'), unserved: t('st.handling.unserved') },
      axis: bars.map((b) => short(Date.parse(b.begins ?? ''))),
      chosen: bars.findIndex((b) => isSame(bar, spanOf(b))),
      say: (at) => {
        const b = bars[at]!;
        return sayer(names.span(spanOf(b)), [[t('st.total'), number(b.total)], ...ways.map((way): [string, string] => [t(`st.handling.${way}`), number(b[way])])]);
      },
    });
  }, [bars, bar, colours, title, t, number, time, locale, names]);
  return <Chart option={option} height={height} tall onPick={(at) => pick(bars[at])} />;
}

/** Stretches in which nothing ended have no rows. */
function Twin({ bars, about, title, pick }: Omit<DrawingProps, 'colours'>) {
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
            const pressed = isSame(about.place.bar, spanOf(b));
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
