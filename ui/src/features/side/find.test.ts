import { expect, it } from 'vitest';
import { findTemplates } from './find';

const all = [
  { title: 'Приветствие', text: 'Здравствуйте! Чем помочь?' },
  { title: 'Всё хорошо', text: 'Ещё раз приветствуем вас.' },
  { title: 'Доставка', text: 'Заказ приедет завтра.' },
];
const found = (query: string) => findTemplates(all, query).map((each) => each.title);

it('finds by the beginnings of words, titles first', () => {
  expect(found('приве')).toEqual(['Приветствие', 'Всё хорошо']);
  expect(found('  ')).toHaveLength(3);
  expect(found('ветствие')).toEqual([]);
  expect(found('заказ завтра')).toEqual(['Доставка']);
  expect(found('доставка приедет')).toEqual(['Доставка']);
});

it('takes ё for е, both ways', () => {
  expect(found('все')).toEqual(['Всё хорошо']);
  expect(found('ЕЩЁ')).toEqual(['Всё хорошо']);
});
