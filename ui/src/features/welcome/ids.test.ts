import { describe, expect, it } from 'vitest';
import { checkAccent, checkGreeting, checkLogin, checkName, checkSurname, inkOn, refusedField } from './check';
import { freshId, loginOf, newPassword, transliterate } from './ids';
import { zones as zonesWith } from '../../kit/zones';
import { clockIn } from './zones';

describe('ids', () => {
  it.each([
    ['Лавка чая «Три листа»', 'lavka-chaya-tri-lista'],
    ['Поддержка', 'podderzhka'],
    ['Ещё: щётка, объём, Юрий', 'eshche-shchetka-obem-yuriy'],
    ['Café Zürich & Co', 'cafe-zurich-co'],
    ['Сай\u0306т', 'sayt'],
    ['茶 🍵', ''],
  ])('%s becomes %s', (name, id) => expect(transliterate(name)).toBe(id));

  it('are what the server takes, however long the name is', () => {
    const id = freshId('Ж'.repeat(200), [], 'main');
    expect(id).toMatch(/^[a-z0-9-]{1,64}$/);
  });

  it('are of one thing alone', () => {
    expect(freshId('Сайт', ['sayt', 'sayt-2'], 'site')).toBe('sayt-3');
    expect(freshId('???', [], 'site')).toBe('site');
    expect(freshId('???', ['site'], 'site')).toBe('site-2');
  });

  it('logins are names with a dot', () => {
    expect(loginOf('Ольга', 'Иванова')).toBe('olga.ivanova');
    expect(loginOf('Ольга', '')).toBe('olga');
  });
});

describe('passwords', () => {
  it('are long, each another, and hold no letters that are mistaken for others', () => {
    const many = Array.from({ length: 200 }, newPassword);
    expect(new Set(many).size).toBe(200);
    for (const password of many) expect(password).toMatch(/^([a-zA-Z2-9]{4}-){3}[a-zA-Z2-9]{4}$/);
    expect(many.join('')).not.toMatch(/[0O1lI]/);
  });
});

describe('fields', () => {
  it('are required and not too long', () => {
    expect(checkName('  ')).toBe('welcome.need');
    expect(checkName('я'.repeat(200))).toBeNull();
    expect(checkName('я'.repeat(201))).toBe('welcome.long');
    expect(checkSurname('')).toBeNull();
    expect(checkGreeting('')).toBe('welcome.need');
    expect(checkGreeting('я'.repeat(501))).toBe('welcome.greeting.long');
  });

  it.each([
    ['', 'welcome.need'],
    ['olga ivanova', 'welcome.login.form'],
    ['x'.repeat(65), 'welcome.login.form'],
    ['ADMIN', 'welcome.login.taken'],
    ['ольга', null],
  ])('the login %s: %s', (login, why) => expect(checkLogin(login, ['admin'])).toBe(why));

  it.each([
    ['#0B6e75', null],
    ['#abc', 'welcome.accent.form'],
    ['teal', 'welcome.accent.form'],
  ])('the colour %s: %s', (colour, why) => expect(checkAccent(colour)).toBe(why));

  it('what the server refuses is told beside the field, if the form has it', () => {
    expect(refusedField('login', { login: '' })).toBe('welcome.wrong.login');
    expect(refusedField('login', { name: '' })).toBeNull();
    expect(refusedField('', { name: '' })).toBeNull();
  });

  it.each([
    ['#0b6e75', '#ffffff'],
    ['#f5b301', '#000000'],
    ['#000000', '#ffffff'],
  ])('upon %s one reads %s', (colour, ink) => expect(inkOn(colour)).toBe(ink));
});

describe('time zones', () => {
  it('have the chosen one even if it is unknown here, and no city twice', () => {
    const zones = zonesWith('Mars/Base').others;
    expect(zones).toContain('Mars/Base');
    expect(zones).toContain('Europe/Berlin');
    expect(zones).not.toContain('Europe/Moscow');
    expect(new Set(zones).size).toBe(zones.length);
  });

  it('tell their time, and nothing where there is none', () => {
    expect(clockIn('Europe/Moscow', Date.UTC(2026, 0, 1, 9, 5), 'ru')).toBe('12:05');
    expect(clockIn('Mars/Base', 0, 'ru')).toBe('');
  });
});
