/** Where one is in «Статистика»: the period, the grouping and the slices are in the address. */
import { dayAt } from '../../kit/day';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The quick ranges end now. */
export const ranges = { '15m': 15 * MINUTE, '30m': 30 * MINUTE, '1h': HOUR, '1d': DAY, '1w': 7 * DAY, '4w': 28 * DAY } as const;
export const steps = { '15m': 15 * MINUTE, '30m': 30 * MINUTE, '1h': HOUR, '1d': DAY } as const;
export type Range = keyof typeof ranges;
export type Step = keyof typeof steps;

/** By what conversations are sliced; the server calls these the same. */
export const slices = ['handling', 'kind', 'account', 'topic', 'line', 'language', 'rating', 'operator'] as const;
export type Slice = (typeof slices)[number];

/** A stretch of time, in moments as RFC 3339 writes them. */
export interface Span {
  from: string;
  to: string;
}

export interface Place extends Record<Slice, readonly string[]> {
  /** Empty if there are days. */
  range: Range | '';
  /** Days, as a date field writes them. */
  from: string;
  to: string;
  /** Empty for that which suits the period. */
  step: Step | '';
  /** A bar of the chart over time. */
  bar: Span | null;
  /** Pages of the tables. */
  page: number;
  statuses: number;
  /** The operator whose stretches of time are unfolded. */
  stays: string;
}

const root = '/statistics';
export const usualRange: Range = '4w';
/** The server tells no more stretches of time apart. */
const mostBars = 3000;

const oneOf = <T extends string>(all: Record<T, number>, said: string | null): T | '' => (said !== null && said in all ? (said as T) : '');
const pageOf = (said: string | null) => Math.max(1, Math.floor(Number(said)) || 1);

export function placeOf(query: string): Place {
  const said = new URLSearchParams(query);
  const [from, to] = [said.get('from') ?? '', said.get('to') ?? ''];
  const days = dayAt(from) !== '' && dayAt(to) !== '' && from <= to;
  const [begins, ends] = [said.get('bar_from') ?? '', said.get('bar_to') ?? ''];
  return {
    ...(Object.fromEntries(slices.map((name) => [name, said.getAll(name)])) as Record<Slice, string[]>),
    range: days ? '' : oneOf(ranges, said.get('range')) || usualRange,
    from: days ? from : '', to: days ? to : '', step: oneOf(steps, said.get('step')),
    bar: Date.parse(begins) < Date.parse(ends) ? { from: begins, to: ends } : null,
    page: pageOf(said.get('page')), statuses: pageOf(said.get('statuses')), stays: said.get('stays') ?? '',
  };
}

export function addressOf(place: Place): string {
  const said = new URLSearchParams();
  if (place.range === '') {
    said.set('from', place.from);
    said.set('to', place.to);
  } else if (place.range !== usualRange) said.set('range', place.range);
  if (place.step) said.set('step', place.step);
  addSlices(said, place);
  if (place.page > 1) said.set('page', String(place.page));
  if (place.statuses > 1) said.set('statuses', String(place.statuses));
  if (place.stays) said.set('stays', place.stays);
  const query = said.toString();
  return root + (query && `?${query}`);
}

function addSlices(said: URLSearchParams, place: Place): void {
  for (const name of slices) for (const value of place[name]) said.append(name, value);
  if (place.bar) {
    said.set('bar_from', place.bar.from);
    said.set('bar_to', place.bar.to);
  }
}

/** When the period begins and ends, if it is now. */
export function periodOf(place: Pick<Place, 'range' | 'from' | 'to'>, now: number): Span {
  if (place.range === '') return { from: dayAt(place.from), to: dayAt(place.to, 1) };
  return { from: new Date(now - ranges[place.range]).toISOString(), to: new Date(now).toISOString() };
}

const lengthOf = ({ from, to }: Span) => Date.parse(to) - Date.parse(from);

/** The grouping that suits a period: enough bars to see something, each wide enough to be hit. */
export function usualStep(period: Span): Step {
  const long = lengthOf(period);
  if (long <= HOUR) return '15m';
  return long <= 2 * DAY ? '1h' : '1d';
}

/** Whether a period can be told apart so finely. */
export const fits = (step: Step, period: Span) => lengthOf(period) / steps[step] <= mostBars - 2;

export function stepOf(place: Place, period: Span): Step {
  return place.step && fits(place.step, period) ? place.step : usualStep(period);
}

/** The period, or the part of it that is in the chosen bar. */
export function withinBar(period: Span, bar: Span | null): Span {
  if (!bar) return period;
  const [from, to] = [Math.max(Date.parse(bar.from), Date.parse(period.from)), Math.min(Date.parse(bar.to), Date.parse(period.to))];
  return { from: new Date(from).toISOString(), to: new Date(Math.max(to, from + 1)).toISOString() };
}

/** What the server is asked for, as the text of a query. */
export function queryOf(place: Place, period: Span): string {
  const said = new URLSearchParams({ ...period });
  addSlices(said, place);
  return said.toString();
}

/** A value is added, or taken away if it is there. A bar of time takes the place of another one. */
export function toggled(place: Place, name: Slice, value: string): Partial<Place> {
  const old = place[name];
  // The tables of operators show all of them whoever is chosen: their pages stay.
  const pages = name === 'operator' ? {} : { page: 1 };
  return { [name]: old.includes(value) ? old.filter((v) => v !== value) : [...old, value], ...pages };
}

export function barToggled(place: Place, span: Span): Partial<Place> {
  return { bar: isSame(place.bar, span) ? null : span, page: 1 };
}

export const isSame = (a: Span | null, b: Span) => a !== null && Date.parse(a.from) === Date.parse(b.from) && Date.parse(a.to) === Date.parse(b.to);
export const isSliced = (place: Place) => place.bar !== null || slices.some((name) => place[name].length > 0);
export const unsliced = { ...Object.fromEntries(slices.map((name) => [name, []])), bar: null, page: 1 } as Partial<Place>;

/** Another period: a bar of the old one is not in it. */
export const during = (period: { range: Range } | { from: string; to: string }): Partial<Place> =>
  ({ range: '', from: '', to: '', ...period, step: '', bar: null, page: 1, statuses: 1 });
