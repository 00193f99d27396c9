import { describe, expect, it } from 'vitest';
import type { Account } from '../../sync';
import { emptyWall } from '../../sync/wallfold';
import type { WallConversation, WallOperator, WallState } from '../../sync/wall';
import { arrange, type Row } from './arrange';
import { addressOf, placeOf, turned } from './place';
import { whyWaits } from './why';
import { target } from './WallList';

const place = placeOf('/monitoring', '');
const known = { centerOfLine: (line: string) => (line === 'far' ? 'other' : 'main'), accountOf: () => ({ centerId: 'main' }) as Account };

const operator = (id: string, change: Partial<WallOperator> = {}): WallOperator => ({
  id, name: id, presence: 'ONLINE', since: 1, connected: true, capacity: 2, held: 0, lines: ['help'], languages: [], skills: [], ...change,
});
const conversation = (id: string, change: Partial<WallConversation> = {}): WallConversation => ({
  id, customerName: id, customerId: id, accountId: 'site', kind: 'widget', centerId: 'main', phase: 'waiting', keeperId: 'help', since: 1, unanswered: 0, forced: false, cause: '',
  ...change, routing: { lineId: 'help', language: '', skills: [], priority: 0, ...change.routing },
});
const byId = <T extends { id: string }>(all: T[]) => new Map(all.map((one) => [one.id, one]));
const wall = (operators: WallOperator[], conversations: WallConversation[]): WallState => ({ ...emptyWall, ready: true, operators: byId(operators), conversations: byId(conversations) });
const told = (rows: Row[]) => rows.map((row) => (row.is === 'part' ? `${row.part} ${row.count}` : row.is === 'nothing' ? '-' : row.id));

describe('the address', () => {
  it('keeps the conversation, the filters, the order and what is folded', () => {
    for (const address of ['/monitoring', '/monitoring/a.1?center=main&line=help&text=%D0%B0%D0%BD%D0%BD%D0%B0&order=wait&turned=queue%2Cinactive']) {
      const [path = '', query = ''] = address.split('?');
      expect(addressOf(placeOf(path, query))).toBe(address);
    }
    expect(place.folded).toEqual(['inactive']);
    expect(turned(turned(place.folded, 'queue'), 'inactive')).toEqual(['queue']);
  });
});

// proves MN-03, MN-05, MN-06, MN-07
describe('the rows', () => {
  const now = wall(
    [operator('вера', { held: 2 }), operator('анна'), operator('пётр', { presence: 'OFFLINE' }), operator('олег', { presence: 'LUNCH' }), operator('чужой', { lines: ['far'] })],
    [
      conversation('w1', { since: 20 }), conversation('w2', { since: 10 }), conversation('w3', { since: 15, centerId: 'other', routing: { lineId: 'far', language: '', skills: [], priority: 0 } }),
      conversation('s1', { phase: 'served', keeperId: 'вера', since: 9 }), conversation('s2', { phase: 'served', keeperId: 'вера', since: 8, unanswered: 12 }),
      conversation('s3', { phase: 'served', keeperId: 'никто', since: 8 }), conversation('b1', { phase: 'automatic', keeperId: 'bot' }),
    ],
  );

  it('stand in parts: who waits longest first, conversations under their operator, who is absent folded', () => {
    expect(told(arrange(now, place, known))).toEqual([
      'queue 3', 'w2', 'w3', 'w1', 'operators 5', 'анна', 'вера', 's2', 's1', 'никто', 's3', 'олег', 'чужой', 'inactive 1', 'automatic 1', 'b1', 'failures 0', '-',
    ]);
  });

  it('put first who leaves a customer without an answer, if that is wanted', () => {
    const rows = told(arrange(now, { ...place, byWait: true }, known));
    expect(rows.slice(rows.indexOf('operators 5') + 1, rows.indexOf('operators 5') + 3)).toEqual(['вера', 's2']);
  });

  it('are of one center, of one line, or have a name', () => {
    expect(told(arrange(now, { ...place, center: 'other' }, known))).toEqual(['queue 1', 'w3', 'operators 1', 'чужой', 'inactive 0', 'automatic 0', '-', 'failures 0', '-']);
    expect(told(arrange(now, { ...place, line: 'far', folded: ['inactive', 'automatic', 'failures'] }, known)).slice(0, 4)).toEqual(['queue 1', 'w3', 'operators 1', 'чужой']);
    expect(told(arrange(now, { ...place, text: 'ПЕТР', folded: [] }, known))).toEqual(['queue 0', '-', 'operators 0', '-', 'inactive 1', 'пётр', 'automatic 0', '-', 'failures 0', '-']);
    const named = told(arrange(now, { ...place, text: 'вера' }, known));
    expect(named.slice(2, 6)).toEqual(['operators 1', 'вера', 's2', 's1']);
  });

  it('of ten thousand conversations come in one go', () => {
    const operators = Array.from({ length: 1000 }, (_, i) => operator(`o${i}`));
    const many = Array.from({ length: 10_000 }, (_, i) => conversation(`c${i}`, i % 5 === 0 ? { since: 10_000 - i } : { phase: 'served', keeperId: `o${i % 1000}` }));
    const rows = arrange(wall(operators, many), place, known);
    // Two heads have an empty line below; the inactive are folded.
    expect(rows).toHaveLength(11_000 + 5 + 2);
    expect(rows[1]).toMatchObject({ id: 'c9995' });
  });
});

// proves MN-06
describe('why a conversation waits', () => {
  const asks = conversation('w', { routing: { lineId: 'help', language: 'en', skills: ['refund'], priority: 0 } });
  const able = { languages: ['en'], skills: ['refund'] };
  const why = (...operators: WallOperator[]) => whyWaits(byId(operators), asks);

  it('is the first rule that leaves nobody', () => {
    expect(why(operator('a', { lines: ['orders'] }))).toBe('nobody');
    expect(why(operator('a', { languages: ['ru'], skills: ['refund'] }))).toBe('language');
    expect(why(operator('a', { languages: ['en'] }))).toBe('skills');
    expect(why(operator('a', { ...able, presence: 'LUNCH' }), operator('b', { ...able, connected: false }))).toBe('absent');
    expect(why(operator('a', { ...able, held: 2 }))).toBe('full');
    expect(why(operator('a', { ...able, held: 2 }), operator('b', able))).toBe('soon');
    expect(whyWaits(byId([operator('a')]), conversation('w'))).toBe('soon');
  });
});

it('keys go from row to row, past what says that nothing is there', () => {
  const rows = arrange(emptyWall, place, known);
  expect(told(rows)).toEqual(['queue 0', '-', 'operators 0', '-', 'inactive 0', 'automatic 0', '-', 'failures 0', '-']);
  expect(['Home', 'End', 'ArrowDown', 'ArrowUp', 'a'].map((key) => target(key, rows, 2))).toEqual([0, 7, 4, 0, undefined]);
  expect(target('ArrowDown', rows, 7)).toBeUndefined();
});
