import { describe, expect, it } from 'vitest';
import { emptyAnswer, emptyArticle, emptySlot, type Article, type Comparison, type Slot } from '../../sync/knowledge';
import { checkArticle, checkSlot } from './checks';
import { aboutSlot, anyHolds, holds } from './conditions';
import { articleFacts, changesOf, conditionsText, type Names } from './facts';
import { addressOf, placeOf, sortedBy, tabAt } from './place';
import { redirectOf } from './redirect';
import { pageNumbers } from '../../kit/pages';
import { pageOf } from './rows';
import type { T } from './text';
import { play } from './tryout';
import { wordDifference } from './words';

const t = ((key: string, values?: { number?: number }) => (values?.number ? `${key} ${values.number}` : key)) as T;
const same = (id: string) => id;
const names: Names = { type: same, slot: same, value: (_, v) => v, topic: same, line: same, center: same, skill: same, language: same, article: same };

describe('the address', () => {
  // proves KB-01: tab, search, order, page and the open record are a link.
  it('holds all of where one is', () => {
    const place = { tab: 'slots', open: 'ab/c', search: 'ско рость', sort: 'name', descending: true, page: 3, size: 50 } as const;
    const [path = '', query = ''] = addressOf(place).split('?');
    expect(path).toBe('/knowledge/slots/ab%2Fc');
    expect(placeOf(path, query)).toEqual(place);
    expect(addressOf(placeOf('/knowledge', ''))).toBe('/knowledge/articles');
  });

  it('is the first page of ten articles if it says nothing that is', () => {
    expect(placeOf('/knowledge/other', 'page=-4&size=7')).toEqual({ tab: 'articles', open: '', search: '', sort: '', descending: false, page: 1, size: 10 });
  });

  // proves KB-02: a press sorts upwards, and once more downwards.
  it('sorts up, then down, and then up again, from the first page', () => {
    const once = sortedBy({ ...placeOf('/knowledge/articles', 'page=4') }, 'title');
    expect(once).toMatchObject({ sort: 'title', descending: false, page: 1 });
    const twice = sortedBy(once, 'title');
    expect(twice.descending).toBe(true);
    expect(sortedBy(twice, 'title').descending).toBe(false);
    expect(sortedBy(twice, 'type')).toMatchObject({ sort: 'type', descending: false });
  });

  it('begins anew in another tab, with as many rows', () => {
    expect(tabAt(placeOf('/knowledge/articles', 'search=x&size=25&page=2'), 'types')).toMatchObject({ tab: 'types', search: '', page: 1, size: 25 });
  });
});

describe('rows', () => {
  const rows = ['Ёлка', 'арбуз', 'Яблоко 10', 'Яблоко 9'];
  const columns = { name: (row: string) => row, changed: () => '2026' };
  const at = (query: string) => pageOf(rows, placeOf('/knowledge/types', query), columns, 'ru');

  it('are found by a part of a name, whatever its letters, and not by when they changed', () => {
    expect(at('search=елк').rows).toEqual(['Ёлка']);
    expect(at('search=2026').total).toBe(0);
  });

  it('are in the order of the language, numbers by what they are worth', () => {
    expect(at('sort=name').rows).toEqual(['арбуз', 'Ёлка', 'Яблоко 9', 'Яблоко 10']);
    expect(at('sort=-name').rows[0]).toBe('Яблоко 10');
  });

  it('stay on the last page when there are fewer', () => {
    expect(at('page=9').rows).toHaveLength(4);
    expect(at('page=9').total).toBe(4);
  });

  it.each([
    [1, 1, [1]],
    [2, 4, [1, 2, 3, 4]],
    [1, 9, [1, 2, 0, 9]],
    [5, 9, [1, 0, 4, 5, 6, 0, 9]],
    [4, 5, [1, 2, 3, 4, 5]],
  ])('page %i of %i shows %j', (page, count, shown) => {
    expect(pageNumbers(page, count)).toEqual(shown);
  });
});

describe('differences', () => {
  it('of texts are words', () => {
    expect(wordDifference('Ответим за два дня.', 'Ответим за один день!')).toEqual([
      { text: 'Ответим за ', how: 'same' },
      { text: 'два', how: 'gone' },
      { text: 'один', how: 'new' },
      { text: ' ', how: 'same' },
      { text: 'дня.', how: 'gone' },
      { text: 'день!', how: 'new' },
    ]);
    expect(wordDifference('', 'новое')).toEqual([{ text: 'новое', how: 'new' }]);
  });

  it('of articles are fields, and an answer is known again wherever it stands', () => {
    const before: Article = { ...emptyArticle, identifier: 'a', title: 'Было', questions: ['раз'], answers: [answer('1', 'Один'), answer('2', 'Два')] };
    const after: Article = { ...before, title: 'Стало', answers: [answer('2', 'Два'), answer('1', 'Один!')] };
    expect(changesOf(articleFacts(before, names, t), articleFacts(after, names, t))).toEqual([
      { label: 'kb.title', before: 'Было', after: 'Стало' },
      { label: 'kb.answer.number 2: kb.answer.part.text', before: 'Один', after: 'Один!' },
      { label: 'kb.answers.order', before: 'Один · Два', after: 'Два · Один!' },
    ]);
  });

  it('tell what is gone', () => {
    const one = { ...emptyArticle, answers: [answer('1', 'Один')] };
    const changes = changesOf(articleFacts(one, names, t), articleFacts(emptyArticle, names, t));
    expect(changes).toContainEqual({ label: 'kb.answer.number 1: kb.answer.part.text', before: 'Один', after: '' });
  });

  it('of conditions read as a sentence', () => {
    const sets = [{ all: [{ slotId: 's', comparison: 'EQUAL', value: 'хорошо' }, { slotId: 'a', comparison: 'KNOWN', value: '' }] }, { all: [{ slotId: 'b', comparison: 'LESS', value: '3' }] }] as const;
    expect(conditionsText(sets.map((s) => ({ all: [...s.all] })), names, t)).toBe('s kb.comparison.EQUAL «хорошо» kb.and a kb.comparison.KNOWN kb.or b kb.comparison.LESS «3»');
  });
});

function answer(answerId: string, text: string) {
  return { ...emptyAnswer, answerId, text };
}

// proves SL-06: only answers whose conditions hold are given, and then the policy chooses.
describe('conditions', () => {
  const known = new Map([['speed', 'good'], ['age', '20'], ['city', 'Нижний Новгород']]);
  it.each([
    ['speed', 'EQUAL', 'good', true],
    ['speed', 'NOT_EQUAL', 'good', false],
    ['none', 'EQUAL', '', false],
    ['none', 'NOT_EQUAL', 'good', true],
    ['none', 'UNKNOWN', '', true],
    ['none', 'KNOWN', '', false],
    ['age', 'GREATER', '9', true],
    ['age', 'LESS', '9', false],
    ['city', 'CONTAINS', 'НОВГОРОД', true],
    ['city', 'KNOWN', '', true],
  ] as [string, Comparison, string, boolean][])('%s %s %s: %s', (slotId, comparison, value, is) => {
    expect(holds({ slotId, comparison, value }, known)).toBe(is);
  });

  it('need all of one set, and one set of them', () => {
    const good = { slotId: 'speed', comparison: 'EQUAL', value: 'good' } as const;
    const bad = { ...good, value: 'bad' };
    expect(anyHolds([], known)).toBe(true);
    expect(anyHolds([{ all: [good, bad] }], known)).toBe(false);
    expect(anyHolds([{ all: [good, bad] }, { all: [good] }], known)).toBe(true);
  });

  it('keep a comparison only where it fits', () => {
    const less = { slotId: 'age', comparison: 'LESS', value: '3' } as const;
    expect(aboutSlot(less, 'city', 'TEXT')).toEqual({ slotId: 'city', comparison: 'EQUAL', value: '' });
    expect(aboutSlot(less, 'm', 'MATCH')).toEqual({ slotId: 'm', comparison: 'EQUAL', value: 'true' });
  });
});

describe('the try-out', () => {
  const slot = (slotId: string, more: Partial<Slot> = {}): Slot => ({ ...emptySlot, slotId, identifier: slotId, ...more });
  const slots = [slot('speed'), slot('staff'), slot('model', { kind: 'INFERRED' }), slot('speed2', { class: 'speed' })];
  const good = { all: [{ slotId: 'speed', comparison: 'EQUAL' as const, value: 'good' }] };
  const survey: Article = {
    ...emptyArticle, slotIds: ['speed', 'model', 'staff'], policy: 'FIRST_ANSWER',
    answers: [{ ...answer('1', 'Рады!'), conditions: [good] }, answer('2', 'Исправимся')],
  };

  it('asks slot after slot, but not for the hidden, and then answers', () => {
    expect(play(survey, slots, new Map(), 0).asks?.slotId).toBe('speed');
    expect(play(survey, slots, new Map([['speed', 'good']]), 0).asks?.slotId).toBe('staff');
    const done = play(survey, slots, new Map([['speed', 'good'], ['staff', 'x']]), 0);
    expect(done.answers.map((a) => a.text)).toEqual(['Рады!']);
    expect(done.said.map((s) => s.slot.slotId)).toEqual(['speed', 'staff']);
  });

  it('does not ask again for what its class knows', () => {
    expect(play({ ...survey, slotIds: ['speed', 'speed2'] }, slots, new Map([['speed', 'bad']]), 0).answers.map((a) => a.text)).toEqual(['Исправимся']);
  });

  it('takes all, the first or any, as the policy says', () => {
    const free = { ...survey, slotIds: [], answers: [answer('1', 'А'), answer('2', 'Б')] };
    const texts = (policy: Article['policy'], draw: number) => play({ ...free, policy }, slots, new Map(), draw).answers.map((a) => a.text);
    expect(texts('ALL_ANSWERS', 0)).toEqual(['А', 'Б']);
    expect(texts('RANDOM_ANSWER', 3)).toEqual(['Б']);
    expect(play({ ...free, answers: [], policy: 'RANDOM_ANSWER' }, slots, new Map(), 1).answers).toEqual([]);
  });
});

describe('checks', () => {
  const article: Article = { ...emptyArticle, identifier: 'тариф_1.a-б', answers: [answer('1', 'Текст')] };
  // proves KB-03, KB-08: what may be an identifier, and that it is needed.
  it.each([['тариф_1.a-б', false], ['Ёж9', false], ['', true], ['  ', true], ['два слова', true], ['a/b', true]])('identifier «%s»: wrong %s', (identifier, wrong) => {
    expect('identifier' in checkArticle({ ...article, identifier }, t)).toBe(wrong);
  });

  it('name the field by its path', () => {
    const bad: Article = {
      ...article,
      answers: [{ ...emptyAnswer, answerId: '1' }, { ...answer('2', 'x'), buttons: [{ caption: '', articleId: '' }], conditions: [{ all: [{ slotId: 's', comparison: 'EQUAL', value: ' ' }] }] }],
    };
    expect(Object.keys(checkArticle(bad, t)).sort()).toEqual(['answers.0.text', 'answers.1.buttons.0.article_id', 'answers.1.buttons.0.caption', 'answers.1.conditions.0.all.0.value']);
  });

  // proves SL-02: ids of a dictionary's values are unique, patterns and bounds are entered.
  it('look at what a type of slot needs', () => {
    const slot: Slot = { ...emptySlot, identifier: 's', question: { text: '?', attachments: [] } };
    expect(checkSlot(slot, t)).toEqual({});
    expect(checkSlot({ ...slot, type: 'DICTIONARY' }, t)).toEqual({ entries: 'kb.need.entries' });
    expect(Object.keys(checkSlot({ ...slot, type: 'DICTIONARY', entries: [{ id: 'a', caption: 'А' }, { id: 'a', caption: '' }] }, t))).toEqual(['entries.1.id', 'entries.1.caption']);
    expect(checkSlot({ ...slot, type: 'MATCH' }, t)).toEqual({ pattern: 'kb.need.pattern' });
    expect(checkSlot({ ...slot, type: 'INTEGER', least: '1,5' }, t)).toEqual({ least: 'kb.wrong.number' });
    expect(checkSlot({ ...slot, kind: 'INFERRED', question: { text: '', attachments: [] } }, t)).toEqual({});
  });
});

describe('a command instead of a text', () => {
  it.each([['/redirect weatherbot', 'weatherbot'], [' /redirect  Operator ', ''], ['/redirect', ''], ['/redirect a b', undefined], ['см. /redirect x', undefined], ['Текст', undefined]])('%s', (text, agent) => {
    expect(redirectOf(text)).toBe(agent);
  });
});
