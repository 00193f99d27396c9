/** The conversations behind a figure: «Поиск обращений» with the same filter, and exactly as many. */
import { slices, withinBar, type Place, type Slice, type Span } from './place';

/** As «Поиск обращений» calls what slices do here. */
const named: Record<Slice, string> = {
  handling: 'handled', kind: 'kind', account: 'account', topic: 'topic', line: 'line', language: 'language', rating: 'rating', operator: 'operator',
};

interface Wish extends Partial<Record<Slice, string>> {
  bar?: Span;
  figure?: string;
}

/** The address of the search. A row asks for its own value, whatever else of its kind is chosen. */
export function behind(place: Place, period: Span, { bar = place.bar ?? undefined, figure, ...own }: Wish = {}): string {
  const said = new URLSearchParams({ by: 'closed', counted: 'yes' });
  if (figure !== undefined && figure !== 'total') said.set('figure', figure);
  for (const name of slices) for (const value of name in own ? [own[name] ?? ''] : place[name]) said.append(named[name], value);
  for (const [name, value] of Object.entries(days(place, period, bar))) said.set(name, value);
  return `/history?${said.toString()}`;
}

/** Days where the period is days; else moments. */
function days(place: Place, period: Span, bar: Span | undefined): Span {
  return bar || place.range !== '' ? withinBar(period, bar ?? null) : { from: place.from, to: place.to };
}
