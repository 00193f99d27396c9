import { describe, expect, it } from 'vitest';
import type { Topic } from '../../sync/organisation';
import { branches, isWithin, spotOf, under } from './branches';

const topic = (topic_id: string, parent_id = '', place = 0, name = topic_id): Topic => ({ topic_id, name, parent_id, archived: false, place, revision: 1 });
const all = [topic('card', '', 2), topic('money', '', 1), topic('block', 'card', 1), topic('lost', 'card', 2), topic('yarn', '', 0), topic('apple', '', 0)];
const ids = (query = '', folded: string[] = []) => branches(all, new Set(folded), query).map((b) => `${'-'.repeat(b.level - 1)}${b.topic.topic_id}`);

describe('the tree', () => {
  it('stands as people have placed it, the others behind by name', () => {
    expect(ids()).toEqual(['money', 'card', '-block', '-lost', 'apple', 'yarn']);
    expect(under(all, 'card').map((t) => t.topic_id)).toEqual(['block', 'lost']);
  });

  it('hides what is folded, and shows what is searched for with those above it', () => {
    expect(ids('', ['card'])).toEqual(['money', 'card', 'apple', 'yarn']);
    expect(ids('LOS', ['card'])).toEqual(['card', '-lost']);
  });
});

describe('moving', () => {
  const spot = (id: string, way: 'up' | 'down' | 'in' | 'out') => spotOf(all, all.find((t) => t.topic_id === id)!, way);

  it('goes up, down, into the one above and out of the one around', () => {
    expect(spot('card', 'up')).toEqual({ parent: '', before: 'money' });
    expect(spot('card', 'down')).toEqual({ parent: '', before: 'yarn' });
    expect(spot('card', 'in')).toEqual({ parent: 'money', before: '' });
    expect(spot('block', 'out')).toEqual({ parent: '', before: 'apple' });
    expect(spot('lost', 'down')).toBeUndefined();
  });

  it('has ends', () => {
    expect([spot('money', 'up'), spot('yarn', 'down'), spot('money', 'in'), spot('card', 'out')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('knows what is inside of what', () => {
    expect([isWithin(all, 'lost', 'card'), isWithin(all, 'card', 'card'), isWithin(all, 'card', 'lost')]).toEqual([true, true, false]);
  });
});
