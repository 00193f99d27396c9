import { describe, expect, it } from 'vitest';
import { makeFormat } from '../../i18n/format';
import { behind } from './behind';
import { mostSectors, overTime, sectors, type Colours } from './chart';
import { addressOf, barToggled, during, fits, isSliced, periodOf, placeOf, queryOf, stepOf, toggled, unsliced, usualStep } from './place';
import { makeWriter } from './units';
import { spanName } from './useNames';

const now = Date.parse('2026-11-23T12:00:00Z');
const bar = { from: '2026-11-22T21:00:00Z', to: '2026-11-23T21:00:00Z' };

// proves ST-01, ST-06
describe('the place', () => {
  it.each(['', '?range=15m', '?from=2026-11-01&to=2026-11-30&step=1h', '?kind=telegram&kind=&rating=0&operator=olga', '?range=1d&topic=a%26b&page=3&statuses=2&stays=o17',
    '?range=1w&bar_from=2026-11-22T21%3A00%3A00Z&bar_to=2026-11-23T21%3A00%3A00Z'])('is in the address: %s', (query) => {
    expect(addressOf(placeOf(query))).toBe(`/statistics${query}`);
  });

  it.each(['?range=2y', '?from=2026-11-30&to=2026-11-01', '?from=soon&to=later', '?page=-1&statuses=x', '?step=2h', '?bar_from=b&bar_to=a'])('makes nothing of %s', (query) => {
    expect(addressOf(placeOf(query))).toBe('/statistics');
  });

  it('adds a value, and takes it away when it is pressed again', () => {
    const once = { ...placeOf('?page=3'), ...toggled(placeOf('?page=3'), 'topic', 'fees') };
    expect(once).toMatchObject({ topic: ['fees'], page: 1 });
    const twice = { ...once, ...toggled(once, 'topic', '') };
    expect(twice.topic).toEqual(['fees', '']);
    expect({ ...twice, ...toggled(twice, 'topic', 'fees') }.topic).toEqual(['']);
    expect(isSliced({ ...twice, ...unsliced })).toBe(false);
  });

  it('stays on the page of operators when one of them is pressed', () => {
    expect(toggled(placeOf('?page=3'), 'operator', 'olga')).toEqual({ operator: ['olga'] });
  });

  it('has one bar of time, which a second press takes away', () => {
    const one = { ...placeOf(''), ...barToggled(placeOf(''), bar) };
    expect(one.bar).toEqual(bar);
    expect(barToggled(one, { from: '2026-11-22T21:00:00.000Z', to: bar.to }).bar).toBeNull();
    const other = { from: bar.to, to: '2026-11-24T21:00:00Z' };
    expect(barToggled(one, other).bar).toEqual(other);
    expect({ ...one, ...during({ range: '1h' }) }).toMatchObject({ bar: null, range: '1h', from: '' });
  });

  it('asks for the period and all slices', () => {
    const place = placeOf('?range=1h&line=a&line=&bar_from=2026-11-22T21%3A00%3A00Z&bar_to=2026-11-23T21%3A00%3A00Z');
    const asked = new URLSearchParams(queryOf(place, periodOf(place, now)));
    expect([asked.get('from'), asked.get('to'), asked.get('bar_to')]).toEqual(['2026-11-23T11:00:00.000Z', '2026-11-23T12:00:00.000Z', bar.to]);
    expect(asked.getAll('line')).toEqual(['a', '']);
  });

  it('takes both days whole', () => {
    const { from, to } = periodOf(placeOf('?from=2026-11-01&to=2026-11-02'), now);
    expect([new Date(from).getHours(), Date.parse(to) - Date.parse(from)]).toEqual([0, 2 * 86_400_000]);
  });

  it('groups by what suits the period, and no finer than can be told apart', () => {
    const period = (query: string) => periodOf(placeOf(query), now);
    expect(['?range=15m', '?range=1d', '?range=1w', ''].map((q) => usualStep(period(q)))).toEqual(['15m', '1h', '1d', '1d']);
    expect(stepOf(placeOf('?step=15m'), period(''))).toBe('15m');
    const year = '?from=2026-01-01&to=2026-12-31&step=15m';
    expect([fits('15m', period(year)), fits('1d', period(year)), stepOf(placeOf(year), period(year))]).toEqual([false, true, '1d']);
  });
});

// proves ST-03, G40
describe('the conversations behind', () => {
  const at = (query: string, wish?: Parameters<typeof behind>[2]) => {
    const place = placeOf(query);
    const said = new URLSearchParams(behind(place, periodOf(place, now), wish).replace('/history?', ''));
    return Object.fromEntries([...new Set(said.keys())].map((name) => [name, said.getAll(name).join('|')]));
  };
  const days = '?from=2026-11-01&to=2026-11-30';
  const period = { by: 'closed', counted: 'yes', from: '2026-11-01', to: '2026-11-30' };

  it('an operator are those of the period and the slices', () => {
    expect(at(`${days}&kind=telegram`, { operator: 'olga' })).toEqual({ ...period, kind: 'telegram', operator: 'olga' });
    expect(at('?range=1h', { operator: 'olga' })).toEqual({ ...period, operator: 'olga', from: '2026-11-23T11:00:00.000Z', to: '2026-11-23T12:00:00.000Z' });
  });

  it('a row are those of the row, whatever else of its kind is chosen', () => {
    expect(at(`${days}&rating=1&rating=2`, { rating: '5' })).toEqual({ ...period, rating: '5' });
    expect(at(`${days}&topic=a&topic=b&topic=&line=x`, { line: '' })).toEqual({ ...period, topic: 'a|b|', line: '' });
  });

  it('a bar are those of its time within the period', () => {
    expect(at('?range=1d', { bar })).toMatchObject({ from: bar.from.replace('Z', '.000Z'), to: '2026-11-23T12:00:00.000Z' });
  });

  it('a figure are those that make it', () => {
    expect(at(days, { figure: 'total' })).toEqual(period);
    expect(at(`${days}&handling=unserved`, { figure: 'pairs' })).toEqual({ ...period, figure: 'pairs', handled: 'unserved' });
  });
});

// proves ST-05
describe('charts', () => {
  const bars = Array.from({ length: 12 }, (_, i) => ({ value: `v${i}`, name: '', total: 12 - i, automatic: 0, by_operators: 12 - i, unserved: 0 }));
  const show = { name: (b: { value: string }) => b.value, colour: () => 'red', others: 'others', faint: 'gray', chosen: [] as string[] };

  it('tell the largest apart and put the others together', () => {
    const parts = sectors(bars, show);
    expect(parts).toHaveLength(mostSectors + 1);
    expect(parts.at(-1)).toEqual({ name: 'others', count: 5 + 4 + 3 + 2 + 1, colour: 'gray', faded: false });
    expect(sectors(bars.slice(0, 8), show).at(-1)?.value).toBe('v7');
  });

  it('fade what is not chosen', () => {
    expect(sectors(bars, { ...show, chosen: ['v1', 'v9'] }).map((p) => p.faded)).toEqual([true, false, true, true, true, true, true, false]);
    expect(sectors(bars, { ...show, chosen: ['v1'] }).at(-1)?.faded).toBe(true);
  });

  it('over time are bars, and an outline where there are very many', () => {
    const colours = { hues: [] } as unknown as Colours;
    const draw = (n: number) => {
      const many = Array.from({ length: n }, () => bars[0]!);
      return (overTime(many, colours, 1).series as { type: string; data: unknown[] }[])[0]!;
    };
    expect(draw(30).type).toBe('bar');
    expect(draw(30).data[1]).toBe(12);
    expect(draw(30).data[2]).toMatchObject({ value: 12, itemStyle: { opacity: 0.25 } });
    expect(draw(2688).type).toBe('line');
  });
});

describe('figures', () => {
  const { value, share } = makeWriter('ru', makeFormat('ru').duration);
  const plain = (text: string) => text.replace(/\s/g, ' ');

  it('are written in their units', () => {
    expect([value(12.54, 'seconds'), value(59.99, 'seconds'), value(3725, 'seconds'), value(4.257, 'points'), value(3.14, 'messages'), value(1234567, 'conversations'), value(undefined, 'points')].map(plain))
      .toEqual(['12,5 с', '60 с', '1 ч 2 мин', '4,26', '3,1', '1 234 567', '—']);
    expect([share(1, 3), share(0, 0)].map(plain)).toEqual(['33,3 %', '0 %']);
  });

  it('days have no hours, even when clocks change', () => {
    const format = { date: () => 'день', dateTime: () => 'день, час', time: () => 'конец' };
    expect([23, 24, 25].map((hours) => spanName(0, hours * 3_600_000, format))).toEqual(['день', 'день', 'день']);
    expect(spanName(0, 900_000, format)).toBe('день, час–конец');
  });
});
