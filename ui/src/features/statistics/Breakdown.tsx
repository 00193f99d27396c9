/** How conversations spread over the values of a slice: a ring or columns, and a table that names them and does the same. */
import { Table, Text, Title } from '@mantine/core';
import { lazy, memo, Suspense, useCallback, useMemo } from 'react';
import { Link } from 'wouter';
import { useRoving } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import type { Bar } from '../../sync/statistics';
import { behind } from './behind';
import { columns, columnsFrame, ring, ringFrame, sectors, type Colours, type Part, type Pointed } from './chart';
import { toggled, type Slice } from './place';
import { sayer } from './say';
import type { About } from './StatisticsPage';
import { useWords } from './text';
import { useColourOf } from './useColours';
import { useNames } from './useNames';
import { useWriter } from './useWriter';
import classes from './statistics.module.css';

const Chart = lazy(() => import('./Chart'));

const size = 140;

interface Props {
  slice: Charted;
  bars: readonly Bar[];
  /** What the bars are of. */
  about: About;
  /** The values that are sliced by, at once. */
  chosen: readonly string[];
  colours: Colours;
}

const titles = {
  handling: 'st.chart.handling', kind: 'st.chart.kind', account: 'st.chart.account', topic: 'st.chart.topic', line: 'st.chart.line',
  language: 'st.chart.language', rating: 'st.chart.rating',
} as const;

/** The slices that have charts of their own. */
export type Charted = keyof typeof titles;

export const Breakdown = memo(function Breakdown({ slice, bars: counted, about, chosen, colours }: Props) {
  const { t } = useWords();
  const title = t(titles[slice]);
  const { go } = about;
  const bars = useMemo(() => ordered(slice, counted), [slice, counted]);
  const parts = useParts(slice, bars, chosen, colours);
  const pick = useCallback((value: string | undefined) => value !== undefined && go((now) => toggled(now, slice, value)), [go, slice]);
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="h5">{title}</Title>
      {bars.length === 0 ? <Text size="sm" c="dimmed">{t('st.chart.empty')}</Text> : (
        <div className={classes.pair}>
          <Suspense fallback={<div style={{ width: size, height: size, flex: 'none' }} />}>
            <Drawing slice={slice} parts={parts} title={title} colours={colours} pick={pick} />
          </Suspense>
          <Twin slice={slice} bars={bars} parts={parts} about={about} chosen={chosen} title={title} pick={pick} />
        </div>
      )}
    </section>
  );
});

/** Ratings are a whole scale, and then what has none; the others stand as they are many. */
function ordered(slice: Slice, bars: readonly Bar[]): readonly Bar[] {
  if (slice !== 'rating' || bars.length === 0) return bars;
  return ['1', '2', '3', '4', '5', '0'].map((value) => bars.find((b) => b.value === value) ?? { value, name: '', total: 0, automatic: 0, by_operators: 0, unserved: 0 });
}

function useParts(slice: Slice, bars: readonly Bar[], chosen: readonly string[], colours: Colours): Part[] {
  const { t } = useWords();
  const names = useNames();
  const colourOf = useColourOf(colours);
  return useMemo(() => {
    const colour = (value: string) => (slice === 'handling' ? (colours[value as 'automatic'] ?? colours.faint) : slice === 'rating' ? colours.mark : colourOf(value));
    return sectors(bars, { name: (b) => names.of(slice, b.value, b.name), colour, others: t('st.chart.others'), faint: colours.faint, chosen });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- colourOf remembers, and is the same for the same colours
  }, [slice, bars, chosen, names, t, colours]);
}

interface DrawingProps {
  slice: Slice;
  parts: Part[];
  title: string;
  colours: Colours;
  pick: (value: string | undefined) => void;
}

function Drawing({ slice, parts, title, colours, pick }: DrawingProps) {
  const { t, number } = useWords();
  const { share } = useWriter();
  const scale = slice === 'rating';
  const frame = useMemo(() => {
    const say = ({ name, value, data }: Pointed) => sayer(name, [[t('st.total'), number(value)], [t('st.share'), share(data.share, 1)]]);
    return (scale ? columnsFrame : ringFrame)(colours, t('st.chart.label', { chart: title }), say);
  }, [scale, title, colours, t, number, share]);
  const option = useMemo(() => {
    const short = (p: Part) => (p.value === '0' ? '—' : (p.value ?? p.name));
    return { ...frame, ...(scale ? columns(parts, colours, short) : ring(parts, colours)) };
  }, [scale, parts, colours, frame]);
  return <Chart option={option} height={size} width={size} onPick={(at) => pick(parts[at]?.value)} />;
}

interface TwinProps {
  slice: Slice;
  bars: readonly Bar[];
  parts: readonly Part[];
  about: About;
  chosen: readonly string[];
  title: string;
  pick: (value: string | undefined) => void;
}

function Twin({ slice, bars, parts, about, chosen, title, pick }: TwinProps) {
  const { t, number } = useWords();
  const names = useNames();
  const { share } = useWriter();
  const { may } = useSession();
  const roving = useRoving<HTMLTableSectionElement>();
  const all = useMemo(() => bars.reduce((sum, b) => sum + b.total, 0), [bars]);
  return (
    <div className={classes.twin}>
      <Table className={classes.rows} aria-label={title} horizontalSpacing={6} verticalSpacing={0}>
        <thead className="visually-hidden">
          <tr><th>{title}</th><th>{t('st.total')}</th><th>{t('st.share')}</th><th>{t('st.behind')}</th></tr>
        </thead>
        <tbody {...roving}>
          {bars.map((b) => (
            <Row
              key={b.value} value={b.value} name={names.of(slice, b.value, b.name)} count={number(b.total)} share={share(b.total, all)} pressed={chosen.includes(b.value)}
              colour={parts.find((p) => p.value === b.value)?.colour} href={may('view_dialogs_search') && b.total > 0 ? behind(about.place, about.period, { [slice]: b.value }) : undefined}
              pick={pick}
            />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  value: string;
  name: string;
  count: string;
  share: string;
  pressed: boolean;
  colour?: string;
  href?: string;
  pick: (value: string) => void;
}

const lens = <SearchIcon size={14} aria-hidden />;

/**
 * A press anywhere on the row slices; the sign to the right leads to its
 * conversations. The elements are plain ones: there are hundreds, and all are
 * drawn anew with each press.
 */
const Row = memo(function Row({ value, name, count, share, pressed, colour, href, pick }: RowProps) {
  const { t } = useWords();
  return (
    <tr className={classes.row} data-pressed={pressed || undefined} onClick={() => pick(value)} onKeyDown={sideways}>
      <th scope="row">
        <button type="button" data-roving aria-pressed={pressed} className={classes.press}>
          <span className={classes.swatch} style={{ background: colour ?? 'transparent' }} aria-hidden />
          {name}
        </button>
      </th>
      <td>{count}</td>
      <td className={classes.share}>{share}</td>
      <td className={classes.to}>
        {href && (
          <Link href={href} tabIndex={-1} aria-label={t('st.behind.of', { what: name })} data-hint={t('st.behind')} className={classes.behind} onClick={(e) => e.stopPropagation()}>
            {lens}
          </Link>
        )}
      </td>
    </tr>
  );
});

/** From the button of a row to its link and back. */
export function sideways(event: React.KeyboardEvent<HTMLElement>): void {
  const way = { ArrowRight: 'a', ArrowLeft: 'button' }[event.key];
  const to = way && event.currentTarget.querySelector<HTMLElement>(way);
  if (!to) return;
  event.preventDefault();
  to.focus();
}
