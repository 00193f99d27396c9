import { describe, expect, it } from 'vitest';
import { capitalOf } from './capital';
import { LARGEST, refusalOf } from './files';
import { spaced } from './insert';
import { breaksLine, sends } from './keys';
import { filterTemplates, slashQuery, suggest } from './suggest';

const press = { key: 'Enter', code: 'Enter', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, isComposing: false };

describe('Enter', () => {
  it('sends with Ctrl, or alone if the person has swapped them', () => {
    expect(sends(press, 'ctrlEnter')).toBe(false);
    expect(sends({ ...press, ctrlKey: true }, 'ctrlEnter')).toBe(true);
    expect(sends(press, 'enter')).toBe(true);
    expect(sends({ ...press, shiftKey: true }, 'enter')).toBe(false);
    expect(breaksLine({ ...press, ctrlKey: true }, 'enter')).toBe(true);
  });

  it('sends in any layout, and with the numeric pad', () => {
    expect(sends({ ...press, key: 'Unidentified', code: 'NumpadEnter', ctrlKey: true }, 'ctrlEnter')).toBe(true);
  });

  it('belongs to the input method while it composes', () => {
    expect(sends({ ...press, isComposing: true }, 'enter')).toBe(false);
    expect(sends({ ...press, ctrlKey: true, keyCode: 229 }, 'ctrlEnter')).toBe(false);
  });
});

describe('the automatic capital', () => {
  it.each([
    ['', 'п', 'П'], ['Добрый день. ', 'я', 'Я'], ['Да!\n', 'и', 'И'], ['Что? «', 'н', 'Н'],
    ['Добрый ', 'д', undefined], ['стоит 5 руб. ', 'и', undefined], ['в 12.', 'п', undefined], ['', 'П', undefined], ['', '1', undefined],
  ])('after «%s» makes of %s %s', (before, typed, want) => expect(capitalOf(before, typed)).toBe(want));
});

describe('templates', () => {
  const all = [
    { templateId: 'hello', title: 'Приветствие', text: 'Здравствуйте! Чем могу помочь?' },
    { templateId: 'wait', title: 'Подождите', text: 'Подождите, пожалуйста: проверяю счёт.' },
  ];

  it('go on from the sentence that is typed', () => {
    expect(suggest(all, 'Понятно. подо')).toEqual([{ template: all[1], covers: 4 }]);
    expect(suggest(all, 'по')).toEqual([]);
    expect(suggest(all, 'я подо')).toEqual([]);
  });

  it('open by «/» at the start only', () => {
    expect(slashQuery('/счет', 5)).toBe('счет');
    expect(slashQuery('и/или', 5)).toBeUndefined();
    expect(slashQuery('/a\nb', 4)).toBeUndefined();
  });

  it('are found by the beginnings of words, ё as е', () => {
    expect(filterTemplates(all, 'пров счет').map((t) => t.templateId)).toEqual(['wait']);
    expect(filterTemplates(all, '')).toHaveLength(2);
  });

  it('are kept apart from words by a space', () => {
    expect(spaced('Да', 'конечно', '')).toBe(' конечно');
    expect(spaced('', 'конечно', 'да')).toBe('конечно ');
    expect(spaced('Да ', 'конечно', ' да')).toBe('конечно');
  });
});

describe('files', () => {
  const file = (type: string, size: number) => ({ type, size }) as File;
  const all = { pictures: true, files: true };

  it('are checked before they are uploaded', () => {
    expect(refusalOf(file('image/png', 1), all, 0)).toBeUndefined();
    expect(refusalOf(file('image/png', 1), { ...all, pictures: false }, 0)).toBe('role');
    expect(refusalOf(file('text/plain', 1), { ...all, files: false }, 0)).toBe('role');
    expect(refusalOf(file('text/plain', 0), all, 0)).toBe('empty');
    expect(refusalOf(file('text/plain', LARGEST + 1), all, 0)).toBe('large');
    expect(refusalOf(file('text/plain', 1), all, 10)).toBe('many');
  });
});
