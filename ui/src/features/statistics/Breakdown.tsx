/** How conversations spread over the values of a slice: a ring or columns, and a table that names them and does the same. */
import { Table, Text, Title } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'wouter';
import { useRoving } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import type { Bar } from '../../sync/statistics';
import { behind } from './behind';
import { columns, ring, sectors, type Colours, type Part } from './chart';
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
  about: About;
  colours: Colours;
}

const titles = {
  handling: 'st.chart.handling', kind: 'st.chart.kind', account: 'st.chart.account', topic: 'st.chart.topic', line: 'st.chart.line',
  language: 'st.chart.language', rating: 'st.chart.rating',
} as const;

/** The slices that have charts of their own. */
export type Charted = keyof typeof titles;

export function Breakdown({ slice, bars, about, colours }: Props) {
  const { t } = useWords();
  const title = t(titles[slice]);
  const { place, go } = about;
  const parts = useParts(slice, bars, about, colours);
  const pick = (value: string | undefined) => value !== undefined && go(toggled(place, slice, value));
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="h5">{title}</Title>
      {bars.length === 0 ? <Text size="sm" c="dimmed">{t('st.chart.empty')}</Text> : (
        <div className={classes.pair}>
          <Suspense fallback={<div style={{ width: size, height: size, flex: 'none' }} />}>
            <Drawing slice={slice} parts={parts} title={title} colours={colours} pick={pick} />
          </Suspense>
          <Twin slice={slice} bars={bars} parts={parts} about={about} title={title} pick={pick} />
        </div>
      )}
    </section>
  );
}

function useParts(slice: Slice, bars: readonly Bar[], { place }: About, colours: Colours): Part[] {
  const { t } = useWords();
  const names = useNames();
  const colourOf = useColourOf(colours);
  const chosen = place[slice];
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
  const option = useMemo(() => {
    const all = parts.reduce((sum, p) => sum + p.count, 0);
    const say = (p: Part) => sayer(p.name, [[t('st.total'), number(p.count)], [t('st.share'), share(p.count, all)]]);
    const draw = slice === 'rating' ? columns : ring;
    const short = slice === 'rating' ? parts.map((p) => ({ ...p, name: p.value === '0' ? '—' : (p.value ?? p.name) })) : parts;
    return draw(short, colours, t('st.chart.label', { chart: title }), (p) => say(parts[short.indexOf(p)]!));
  }, [slice, parts, title, colours, t, number, share]);
  return <Chart option={option} height={size} width={size} onPick={(at) => pick(parts[at]?.value)} />;
}

interface TwinProps {
  slice: Slice;
  bars: readonly Bar[];
  parts: readonly Part[];
  about: About;
  title: string;
  pick: (value: string | undefined) => void;
}

function Twin({ slice, bars, parts, about, title, pick }: TwinProps) {
  const { t, number } = useWords();
  const names = useNames();
  const { share } = useWriter();
  const { may } = useSession();
  const roving = useRoving<HTMLTableSectionElement>();
  const all = useMemo(() => bars.reduce((sum, b) => sum + b.total, 0), [bars]);
  return (
    <div className={classes.twin}>
      <Table className={classes.rows} aria-label={title} horizontalSpacing={6} verticalSpacing={0}>
        <Table.Thead className="visually-hidden">
          <Table.Tr><Table.Th>{title}</Table.Th><Table.Th>{t('st.total')}</Table.Th><Table.Th>{t('st.share')}</Table.Th><Table.Th>{t('st.behind')}</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody {...roving}>
          {bars.map((b) => (
            <Row
              key={b.value} name={names.of(slice, b.value, b.name)} count={number(b.total)} share={share(b.total, all)} pressed={about.place[slice].includes(b.value)}
              colour={parts.find((p) => p.value === b.value)?.colour} href={may('view_dialogs_search') && b.total > 0 ? behind(about.place, about.period, { [slice]: b.value }) : undefined}
              press={() => pick(b.value)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  name: string;
  count: string;
  share: string;
  pressed: boolean;
  colour?: string;
  href?: string;
  press: () => void;
}

/**
 * A press anywhere on the row slices; the sign to the right leads to its
 * conversations. The elements are plain ones: there are hundreds, and all are
 * drawn anew with each press.
 */
function Row({ name, count, share, pressed, colour, href, press }: RowProps) {
  const { t } = useWords();
  return (
    <tr className={classes.row} data-pressed={pressed || undefined} onClick={press} onKeyDown={sideways}>
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
            <SearchIcon size={14} aria-hidden />
          </Link>
        )}
      </td>
    </tr>
  );
}

/** From the button of a row to its link and back. */
export function sideways(event: React.KeyboardEvent<HTMLElement>): void {
  const way = { ArrowRight: 'a', ArrowLeft: 'button' }[event.key];
  const to = way && event.currentTarget.querySelector<HTMLElement>(way);
  if (!to) return;
  event.preventDefault();
  to.focus();
}
