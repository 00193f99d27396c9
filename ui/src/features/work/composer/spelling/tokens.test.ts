import { describe, expect, it } from 'vitest';
import { namesIn, wordsOf, type Token } from './tokens';

const words = (text: string, names: string[] = []) => wordsOf(text, namesIn(names)).map(({ word }) => word);

// proves OP-15
describe('the words of a text', () => {
  it.each([
    ['Добрый день, Мария!', ['Добрый', 'день', 'Мария']],
    ['кто-нибудь (или по-русски) «д’Артаньян»…', ['кто-нибудь', 'или', 'по-русски', 'д’Артаньян']],
    ["Don't worry, it's fine.", ["Don't", 'worry', "it's", 'fine']],
    ['Первое.Второе и/или третье', ['Первое', 'Второе', 'или', 'третье']],
    ['строка\nстрока', ['строка', 'строка']],
    ['кириллица+latin', ['кириллица', 'latin']],
    ['', []],
  ])('%s', (text, want) => expect(words(text)).toEqual(want));

  it.each([
    'https://example.org/путь?x=слово', 'www.сайт.рф', 'example.com', 'shop.example.com/orders', 'anna@example.org', '@anna', '#заказ', '/hello',
    'А я и', 'НДС СНИЛС SMS', 'iPhone12 3G 10-го заказ_1', '12 500 +7 (999) 000-11-22', '🙂 — …',
  ])('has none in %s', (text) => expect(words(text)).toEqual([]));

  it('tells where they are', () => {
    expect(wordsOf('Да: «нет»')).toEqual([{ word: 'Да', from: 0, to: 2 }, { word: 'нет', from: 5, to: 8 }]);
  });

  it('takes signs for letters where the keyboard may have been in the other layout', () => {
    const found = wordsOf('Вот ye;yj, [jhjij "hello" e.g. (if)');
    expect(found.filter((each: Token) => each.parts).map(({ word }) => word)).toEqual(['ye;yj', '[jhjij', 'e.g']);
    expect(found[1]?.parts?.map(({ word }) => word)).toEqual(['ye', 'yj']);
    expect('Вот ye;yj, [jhjij'.slice(found[1]?.from, found[1]?.to)).toBe('ye;yj');
    expect(words('"hello" (if)')).toEqual(['hello', 'if']);
  });

  it('leaves out names, in all their cases', () => {
    const names = ['Мария Кузнецова', 'Анна Ли', 'ООО «Вектор-Плюс»'];
    expect(words('Мария Марии Кузнецовой Ли Вектора', names)).toEqual([]);
    expect(words('Марать лист векторизация анна-банана', names)).toEqual(['Марать', 'лист', 'векторизация', 'анна-банана']);
  });
});
