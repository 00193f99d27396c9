import { describe, expect, it } from 'vitest';
import { aConversation, aMessage } from '../fixtures';
import { buildThread, freshNote, newAfter, type Row } from './build';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).getTime();
const shape = (rows: Row[]) =>
  rows.map((r) => (r.is === 'message' ? `${r.message.id}${r.first ? '<' : ''}${r.last ? '>' : ''}` : r.is));

describe('the thread', () => {
  it('marks each new day', () => {
    const rows = buildThread([aMessage('a', at(1, 23, 59)), aMessage('b', at(2, 0, 1))]);
    expect(shape(rows)).toEqual(['day', 'a<>', 'day', 'b<>']);
  });

  it('puts close messages of one author together', () => {
    const rows = buildThread([
      aMessage('a', at(1, 10)), aMessage('b', at(1, 10, 1)),
      aMessage('c', at(1, 10, 2), { from: 'operator', operatorId: 'olga' }), aMessage('d', at(1, 10, 30)),
    ]);
    expect(shape(rows)).toEqual(['day', 'a<', 'b>', 'c<>', 'd<>']);
  });

  it('separates another channel, a pause and what happens between', () => {
    const rows = buildThread([
      aMessage('a', at(1, 10)), aMessage('b', at(1, 10, 1), { accountId: 'mail' }), aMessage('c', at(1, 10, 9), { accountId: 'mail' }),
      { is: 'happening', key: 'h', at: at(1, 10, 9), happening: { kind: 'queued', at: at(1, 10, 9), operatorId: '', detail: '' } },
      aMessage('d', at(1, 10, 9), { accountId: 'mail' }),
    ]);
    expect(shape(rows)).toEqual(['day', 'a<>', 'b<>', 'c<>', 'happening', 'd<>']);
  });

  it('has a key of its own for every row', () => {
    const keys = buildThread([aMessage('a', at(1, 10)), aMessage('b', at(2, 10)), aMessage('c', at(1, 11))]).map((r) => r.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('counts the customer’s messages after a place', () => {
    const rows = buildThread([aMessage('a', at(1, 10)), aMessage('b', at(1, 11)), aMessage('c', at(1, 12), { from: 'operator' }), aMessage('d', at(1, 13))]);
    expect(newAfter(rows, 'message-a')).toBe(2);
    expect(newAfter(rows, 'message-d')).toBe(0);
  });
});

describe('the note of a transfer', () => {
  const note = { is: 'note' as const, key: 'n', at: 5, note: { id: 'n', operatorId: 'petr', text: 'Клиент сердит', at: 5, transfer: true } };

  it('is fresh until the one who took the conversation answers', () => {
    expect(freshNote(aConversation({ items: [aMessage('a', 1), note, aMessage('b', 6)] }))?.text).toBe('Клиент сердит');
    const mine = aMessage('c', 7, { from: 'operator', operatorId: 'olga' });
    expect(freshNote(aConversation({ items: [note, mine] }))).toBeUndefined();
  });
});
