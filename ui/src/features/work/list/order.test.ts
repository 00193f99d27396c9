import { describe, expect, it } from 'vitest';
import { aConversation, aMessage } from '../fixtures';
import { held, neighbour, nextUnanswered, orderOf, stepFrom } from './order';

describe('the order of dialogs', () => {
  it('puts those who wait first, by the nearest deadline', () => {
    const all = [
      aConversation({ id: 'answered', items: [aMessage('m', 9000)] }),
      aConversation({ id: 'patient', unanswered: 1, waitingSince: 1000, responseTimeout: 60_000 }),
      aConversation({ id: 'urgent', unanswered: 1, waitingSince: 5000, responseTimeout: 10_000 }),
    ];
    expect(orderOf(all)).toEqual(['urgent', 'patient', 'answered']);
  });

  it('puts the answered ones by the latest movement', () => {
    const all = [aConversation({ id: 'old', items: [aMessage('a', 1)] }), aConversation({ id: 'new', items: [aMessage('b', 2)] })];
    expect(orderOf(all)).toEqual(['new', 'old']);
  });

  it('moves no row while it is held: who left is gone, who came stands last', () => {
    expect(held(['a', 'b', 'c'], ['new', 'c', 'a'])).toEqual(['a', 'c', 'new']);
  });
});

describe('going through the list', () => {
  it('goes to the row below when a dialog ends, to the one above from the last', () => {
    expect(neighbour(['a', 'b', 'c'], 'b')).toBe('c');
    expect(neighbour(['a', 'b', 'c'], 'c')).toBe('b');
    expect(neighbour(['a'], 'a')).toBeUndefined();
  });

  it('stops at the ends', () => {
    expect(stepFrom(['a', 'b'], 'b', 1)).toBe('b');
    expect(stepFrom(['a', 'b'], 'b', -1)).toBe('a');
    expect(stepFrom(['a', 'b'], '', 1)).toBe('a');
  });

  it('finds the next one that waits, going round', () => {
    const waits = (id: string) => id === 'a' || id === 'c';
    expect(nextUnanswered(['a', 'b', 'c'], 'c', waits)).toBe('a');
    expect(nextUnanswered(['a', 'b', 'c'], 'a', waits)).toBe('c');
    expect(nextUnanswered(['b'], '', waits)).toBeUndefined();
  });
});
