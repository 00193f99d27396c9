import { describe, expect, it } from 'vitest';
import { checkField, checkIdentifier, isEmail, phoneOf, shownDate, shownPhone, tidyIdentifier, typedDate } from './check';

describe('a phone number', () => {
  it.each([
    ['+7 (916) 123-45-67', '+79161234567'],
    ['8 916 123-45-67', '+79161234567'],
    ['916 123 45 67', '+79161234567'],
    ['79161234567', '+79161234567'],
    ['+86 138 0013 8000', '+8613800138000'],
    ['+375 29 123-45-67', '+375291234567'],
    ['84951234567', '+74951234567'],
    ['+84 24 3825 1234', '+842438251234'],
  ])('%s is %s', (text, phone) => expect(phoneOf(text)).toBe(phone));

  it.each(['', '12', '123456', 'звоните вечером', '+7 916 123-45-67 доб. 12', '++79161234567', '1234567890123456'])(
    '%s is none', (text) => expect(phoneOf(text)).toBeNull());
});

describe('an e-mail', () => {
  it.each(['anna@example.ru', 'a.b+c@mail.example.com', 'анна@почта.рф', "o'neil@x-y.io"])('%s', (text) => expect(isEmail(text)).toBe(true));

  it.each(['anna', '@example.ru', 'anna@', 'anna@example', 'a b@example.ru', 'anna@@example.ru', '.anna@example.ru',
    'anna.@example.ru', 'anna@-example.ru', 'anna@example..ru', `${'a'.repeat(65)}@example.ru`])('not %s', (text) => expect(isEmail(text)).toBe(false));
});

describe('a field', () => {
  it('may be empty unless it is required', () => {
    expect(checkField({ kind: 'phone', required: false }, '  ')).toBeNull();
    expect(checkField({ kind: 'text', required: true }, '  ')).toBe('card.wrong.required');
  });

  it('is checked by its kind', () => {
    expect(checkField({ kind: 'number', required: false }, '1 000,5')).toBeNull();
    expect(checkField({ kind: 'number', required: false }, '1,2,3')).toBe('card.wrong.number');
    expect(checkField({ kind: 'date', required: false }, '2028-02-29')).toBeNull();
    expect(checkField({ kind: 'date', required: false }, '2027-02-29')).toBe('card.wrong.date');
    expect(checkField({ kind: 'phone', required: false }, 'нет')).toBe('card.wrong.phone');
    expect(checkField({ kind: 'email', required: false }, 'нет')).toBe('card.wrong.email');
  });

  it('is as long as the server takes it', () => {
    expect(checkField({ kind: 'text', required: false }, 'я'.repeat(2000))).toBeNull();
    expect(checkField({ kind: 'text', required: false }, 'я'.repeat(2001))).toBe('card.wrong.long');
  });
});

describe('an identifier', () => {
  it('is what the channel knows people by', () => {
    expect(checkIdentifier('email', '+79161234567')).toBe('card.wrong.email');
    expect(checkIdentifier('phone', 'anna@example.ru')).toBe('card.wrong.phone');
    expect(checkIdentifier('api', 'client-77')).toBeNull();
  });

  it('is kept in one form', () => {
    expect(tidyIdentifier('phone', ' 8 (916) 123-45-67 ')).toBe('+79161234567');
    expect(tidyIdentifier('email', ' Anna@Example.RU ')).toBe('anna@example.ru');
    expect(tidyIdentifier('api', ' Client-77 ')).toBe('Client-77');
  });
});

describe('a date', () => {
  it('is written as people write it, and kept as the server does', () => {
    expect(typedDate('5.3.1988')).toBe('1988-03-05');
    expect(typedDate('05/03/1988')).toBe('1988-03-05');
    expect(shownDate('1988-03-05')).toBe('05.03.1988');
  });

  it('stays as it is typed until it is one', () => {
    for (const text of ['05.03.198', '31.02.2000', 'весной', '']) {
      expect(typedDate(text)).toBe(text);
      expect(shownDate(text)).toBe(text);
    }
  });
});

it('shows a Russian phone in groups, and others as they are', () => {
  expect(shownPhone('+79161234567')).toBe('+7 916 123-45-67');
  expect(shownPhone('+375291234567')).toBe('+375291234567');
});
