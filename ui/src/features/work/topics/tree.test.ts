import { describe, expect, it } from 'vitest';
import { topicLeaves } from './tree';

const topic = (topicId: string, name: string, parentId = '', archived = false) => ({ topicId, name, parentId, archived });
const topics = [topic('card', 'Карты'), topic('block', 'Блокировка', 'card'), topic('new', 'Выпуск', 'card'), topic('old', 'Старое', '', true), topic('pay', 'Платежи')];
const shown = (query: string) => topicLeaves(topics, query).map((l) => `${'-'.repeat(l.depth)}${l.topic.topicId}`);

describe('the tree of topics', () => {
  it('stands in order of its branches, without the archived', () => {
    expect(shown('')).toEqual(['card', '-block', '-new', 'pay']);
  });

  it('shows what fits with all above it, and all below a branch that fits', () => {
    expect(shown('блок')).toEqual(['card', '-block']);
    expect(shown('КАРТ')).toEqual(['card', '-block', '-new']);
    expect(shown('нет')).toEqual([]);
  });
});
