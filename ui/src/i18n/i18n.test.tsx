import { describe, expect, it } from 'vitest';
import { en as common } from './en';
import { audit as auditEn } from './en/audit';
import { bot as botEn } from './en/bot';
import { channels as channelsEn } from './en/channels';
import { knowledge as knowledgeEn } from './en/knowledge';
import { reviews as reviewsEn } from './en/reviews';
import { statistics as statisticsEn } from './en/statistics';
import { surveys as surveysEn } from './en/surveys';
import { makeFormat } from './format';
import { fill, type Phrase } from './phrase';
import { ru as source } from './ru';
import { audit as auditRu } from './ru/audit';
import { bot as botRu } from './ru/bot';
import { channels as channelsRu } from './ru/channels';
import { knowledge as knowledgeRu } from './ru/knowledge';
import { reviews as reviewsRu } from './ru/reviews';
import { statistics as statisticsRu } from './ru/statistics';
import { surveys as surveysRu } from './ru/surveys';

// Parts that come with their pages are dictionaries as the common one is.
const ru = { ...source, ...auditRu, ...botRu, ...channelsRu, ...knowledgeRu, ...reviewsRu, ...statisticsRu, ...surveysRu };
const en = { ...common, ...auditEn, ...botEn, ...channelsEn, ...knowledgeEn, ...reviewsEn, ...statisticsEn, ...surveysEn };

const places = (p: Phrase) => [...new Set((typeof p === 'string' ? p : p.other).match(/\{\w+\}/g))].sort();

describe('dictionaries', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort());
  });

  it.each(Object.keys(ru) as (keyof typeof ru)[])('%s has the same places in both languages', (key) => {
    expect(places(en[key])).toEqual(places(ru[key]));
  });

  it.each(Object.entries(ru as Record<string, Phrase>).filter(([, p]) => typeof p !== 'string'))('%s has every Russian form', (_, p) => {
    expect(Object.keys(p)).toEqual(expect.arrayContaining(['one', 'few', 'many', 'other']));
  });
});

describe('fill', () => {
  const forms = { one: '{count} обращение', few: '{count} обращения', many: '{count} обращений', other: '{count} обращения' };

  it.each([
    [1, '1 обращение'],
    [2, '2 обращения'],
    [5, '5 обращений'],
    [11, '11 обращений'],
    [21, '21 обращение'],
  ])('chooses the form for %i', (count, text) => {
    expect(fill(forms, { count }, 'ru')).toBe(text);
  });

  it('leaves a place that has no value', () => {
    expect(fill('{a} и {b}', { a: 'раз' }, 'ru')).toBe('раз и {b}');
  });
});

describe('format', () => {
  const { duration, bytes, day } = makeFormat('ru');
  const plain = (s: string) => s.replace(/\u00a0/g, ' ');

  it('writes the two greatest units of a duration', () => {
    expect(plain(duration(125_000))).toBe('2 мин 5 с');
    expect(plain(duration(3_600_000))).toBe('1 ч');
    expect(plain(duration(0))).toBe('0 с');
  });

  it('writes sizes', () => {
    expect(plain(bytes(1_400_000))).toBe('1,3 МБ');
    expect(plain(bytes(50 * 1024 * 1024))).toBe('50 МБ');
  });

  it('names the near days', () => {
    const noon = new Date(2026, 4, 20, 12).getTime();
    expect(day(noon, noon)).toBe('сегодня');
    expect(day(noon - 86_400_000, noon)).toBe('вчера');
    expect(day(noon - 2 * 86_400_000, noon)).toBe('18 мая');
  });
});
