import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from './api';
import { backoff } from './backoff';
import { faultOf } from './file';
import { faultOfFile } from './files';
import { languageOf, textIn, type Dictionary } from './i18n';
import { cleaned, Person } from './identity';
import { pieces } from './links';

const words = (l: string) => JSON.parse(readFileSync(`${import.meta.dirname}/../../../transport/visitor/words/${l}.json`, 'utf8')) as Dictionary;

describe('words', () => {
  it('count in Russian and in English', () => {
    const ru = textIn('ru', words('ru'));
    expect([1, 2, 5, 21].map((n) => ru('unread', n))).toEqual(['1 новое сообщение', '2 новых сообщения', '5 новых сообщений', '21 новое сообщение']);
    expect(textIn('en', words('en'))('unread', 2)).toBe('2 new messages');
  });

  it('say every key in both languages', () => expect(Object.keys(words('en')).sort()).toEqual(Object.keys(words('ru')).sort()));

  it('choose the language that was asked for first', () => {
    expect(languageOf(['ru', 'en'], undefined, 'en-GB', 'ru')).toBe('en');
    expect(languageOf(['ru'], 'en')).toBe('ru');
    expect(languageOf(['en', 'ru'], 'fr')).toBe('en');
  });
});

describe('links', () => {
  it('are web, mail and phone alone, and end before the full stop', () => {
    expect(pieces('См. https://a.example/b?c=1. Или x@y.example, tel:+74950000000!').filter((p) => p.href).map((p) => p.href))
      .toEqual(['https://a.example/b?c=1', 'mailto:x@y.example', 'tel:+74950000000']);
    expect(pieces('javascript:alert(1) data:text/html,x').some((p) => p.href)).toBe(false);
    expect(pieces('a https://b.example c').map((p) => p.text).join('')).toBe('a https://b.example c');
  });
});

describe('who the visitor is', () => {
  it('keeps known fields, as text, and cuts them', () => {
    expect(cleaned({ fname: ' Анна ', phone: 79, admin: 'x', lname: '', email: {} })).toEqual({ fname: 'Анна', phone: '79' });
    expect([...(cleaned({ fname: '😀'.repeat(300) }).fname ?? '')]).toHaveLength(200);
    expect(cleaned(null)).toEqual({});
  });

  it('does not ask for what a token tells', () => {
    const p = new Person();
    const token = btoa(String.fromCharCode(...new TextEncoder().encode('{"id":"42","exp":1,"fields":{"fname":"Анна"}}'))) + '.mac';
    expect(p.authenticate({ token, email: 'a@b.example' })).toBe('42');
    expect(p.asked([{ name: 'fname' }, { name: 'email' }, { name: 'phone' }]).map((f) => f.name)).toEqual(['phone']);
    expect(p.identity()).toEqual({ fields: { fname: 'Анна', email: 'a@b.example' }, token });
    expect(p.authenticate('nonsense')).toBeUndefined();
    expect(p.identity()).toBeUndefined();
  });
});

describe('limits', () => {
  const limits = { enabled: true, max_size: 1000, max_count: 2, accept: ['image/*', '.pdf'] };
  it.each([
    [{ name: 'a.png', type: 'image/png', size: 10 }, undefined],
    [{ name: 'a.PDF', type: '', size: 1000 }, undefined],
    [{ name: 'a.pdf', type: '', size: 1001 }, 'tooLarge'],
    [{ name: 'a.exe', type: 'application/x-msdownload', size: 10 }, 'wrongKind'],
    [{ name: 'a.png', type: 'image/png', size: 0 }, 'empty'],
  ])('%o', (file, fault) => expect(faultOfFile(file, limits)?.key).toBe(fault));

  it('waits 0.5 to 30 s, and never the same for everybody', () => {
    expect(backoff(0, () => 1)).toBe(500);
    expect(backoff(99, () => 1)).toBe(30_000);
    expect(backoff(99, () => 0)).toBe(15_000);
  });
});

// proves SECURITY (5.4.3)
describe('a file that does not come', () => {
  it.each([
    [new Refused(403, 'the file has a virus and is held back: Eicar', 'file'), 'virus'],
    [new Refused(503, "the file can't be searched for viruses now; try again later", 'file'), 'unchecked'],
    [new Refused(403, 'the token is not one of ours'), 'notGiven'],
    [new Refused(0, ''), 'notGiven'],
  ])('%s', (e, fault) => expect(faultOf(e)).toBe(fault));
});
