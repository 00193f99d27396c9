/** Where one is in «Поиск обращений»: filters, the open conversation and its tab are in the address. */
import { dayAgo, dayAt } from '../../kit/day';
import { lists, type HistoryQuery, type List } from '../../sync/history';

export const tabs = ['dialog', 'previous', 'customer', 'markup'] as const;
export type Tab = (typeof tabs)[number];

/** Filters of one value, each. */
export const words = ['text', 'customer', 'by', 'status', 'counted', 'figure'] as const;
export type Word = (typeof words)[number];

export interface Place extends Record<Word, string>, Record<List, readonly string[]> {
  open: string;
  tab: Tab;
  /** Days, as a date field writes them, or moments, which «Статистика» names; an empty one is no bound. */
  from: string;
  to: string;
}

const root = '/history';
/** Says in the address that there is no first day; without a word there is the usual one. */
const ever = 'ever';

/** The page opens on the last month. HS-02 */
export const usualFrom = () => dayAgo(30);

export function placeOf(path: string, query: string): Place {
  const said = new URLSearchParams(query);
  const from = said.get('from') ?? usualFrom();
  const place: Place = {
    ...nothing, open: decodeURIComponent(path.split('/')[2] ?? ''), tab: tabs.find((x) => x === said.get('tab')) ?? 'dialog',
    from: from === ever ? '' : from, to: said.get('to') ?? '',
  };
  for (const name of words) place[name] = said.get(name) ?? '';
  for (const name of lists) place[name] = said.getAll(name);
  return place;
}

const unset = Object.fromEntries([...words.map((name) => [name, '']), ...lists.map((name) => [name, []])]) as Record<Word, string> & Record<List, string[]>;
const nothing: Place = { ...unset, open: '', tab: 'dialog', from: '', to: '' };

export function addressOf(place: Place): string {
  const said = new URLSearchParams();
  for (const name of words) if (place[name]) said.set(name, place[name]);
  for (const name of lists) for (const value of place[name]) said.append(name, value);
  if (place.from !== usualFrom()) said.set('from', place.from || ever);
  if (place.to) said.set('to', place.to);
  if (place.open && place.tab !== 'dialog') said.set('tab', place.tab);
  const query = said.toString();
  return root + (place.open && `/${encodeURIComponent(place.open)}`) + (query && `?${query}`);
}

/** How many filters are set, the words and the period left out. */
export const countSet = (place: Place) => words.slice(2).filter((name) => place[name] !== '').length + lists.filter((name) => place[name].length > 0).length;
export const isFiltered = (place: Place) => countSet(place) > 0 || place.text !== '' || place.customer !== '' || place.from !== usualFrom() || place.to !== '';
export const unfiltered = (): Partial<Place> => ({ ...unset, from: usualFrom(), to: '' });

export function queryOf(place: Place): HistoryQuery {
  const of = Object.fromEntries([...words.map((name) => [name, place[name].trim()]), ...lists.map((name) => [name, place[name]])]) as typeof unset;
  // Without a beginning the server would mean the last month.
  return { ...of, from: momentOf(place.from, 0) || '1970-01-02T00:00:00Z', to: momentOf(place.to, 1) };
}

export const isMoment = (said: string) => said.includes('T');

/** When a day begins, or one so many days later; a moment is taken as it is. */
function momentOf(said: string, later: number): string {
  if (!isMoment(said)) return dayAt(said, later);
  const at = new Date(said);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

/** A moment as its field writes it: by the clock of the person, to the minute. */
export function fieldOf(said: string): string {
  const at = new Date(said);
  if (!isMoment(said) || Number.isNaN(at.getTime())) return said;
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
