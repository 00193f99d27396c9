/** Where one is in «Разметка»: the filters and the open conversation are in the address. */
import { dayAt } from '../../kit/day';
import type { ReviewQuery } from '../../sync/reviews';

export interface Place {
  open: string;
  state: ReviewQuery['state'];
  line: string;
  account: string;
  /** Days, as a date field writes them. */
  from: string;
  to: string;
}

const root = '/reviews';
const names = ['line', 'account', 'from', 'to'] as const;

export function placeOf(path: string, query: string): Place {
  const said = new URLSearchParams(query);
  const [line = '', account = '', from = '', to = ''] = names.map((name) => said.get(name) ?? '');
  return { open: decodeURIComponent(path.split('/')[2] ?? ''), state: said.get('state') === 'reviewed' ? 'reviewed' : 'closed', line, account, from, to };
}

export function addressOf(place: Place): string {
  const said = new URLSearchParams();
  if (place.state !== 'closed') said.set('state', place.state);
  for (const name of names) if (place[name]) said.set(name, place[name]);
  const query = said.toString();
  return root + (place.open && `/${encodeURIComponent(place.open)}`) + (query && `?${query}`);
}

export const isFiltered = (place: Place) => names.some((name) => place[name] !== '');
export const unfiltered = { line: '', account: '', from: '', to: '' };

export function queryOf({ state, line, account, from, to }: Place): ReviewQuery {
  return { state, center: '', line, account, from: dayAt(from), to: dayAt(to, 1) };
}
