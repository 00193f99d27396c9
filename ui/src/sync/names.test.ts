import { expect, test } from 'vitest';
import { namesOf, topicPath } from './names';
import { emptyWorkplace, type Workplace } from './workplace';

const workplace: Workplace = {
  ...emptyWorkplace,
  user: { ...emptyWorkplace.user, userId: 'root', login: 'root', firstName: 'Анна', lastName: 'Ким' },
  operators: [{ userId: 'oleg', name: 'Олег' }],
  agents: [{ agentId: 'bot', name: 'Бот' }],
  lines: [{ lineId: 'support', name: 'Поддержка', centerId: 'main' }],
  topics: [
    { topicId: 'card', name: 'Карта', parentId: '', archived: false },
    { topicId: 'lost', name: 'Утеря', parentId: 'card', archived: true },
    { topicId: 'ring', name: 'Кольцо', parentId: 'ring', archived: false },
  ],
};

test('a name is found by its id, and an id that nothing has is shown as it is', () => {
  const names = namesOf(workplace);
  expect(names.operator('oleg')).toBe('Олег');
  expect(names.operator('root')).toBe('Анна Ким');
  expect(names.operator('gone')).toBe('gone');
  expect(names.operator('gone', 'кто-то')).toBe('кто-то');
  expect(names.topicPath('lost')).toBe('Карта / Утеря');
  expect(names.topicPath('')).toBe('');
  expect(names.centerOfLine('support')).toBe('main');
});

test('who keeps a conversation is an operator, an agent or a line', () => {
  const { keeper } = namesOf(workplace);
  expect([keeper('operator', 'oleg'), keeper('agent', 'bot'), keeper('queue', 'support')]).toEqual(['Олег', 'Бот', 'Поддержка']);
});

test('names are made once for a workplace', () => {
  expect(namesOf(workplace)).toBe(namesOf(workplace));
});

test('topics that go in a ring have an end', () => {
  expect(topicPath(workplace.topics, 'ring').split(' / ').length).toBe(20);
});
