import { describe, expect, it } from 'vitest';
import { faultOf, phoneDigits, phoneEdit, phoneMask, plain } from './masks';

describe('the phone mask', () => {
  it.each([
    ['89161234567', '9161234567'],
    ['+7 916 123-45-67', '9161234567'],
    ['7 (916) 123 45 67', '9161234567'],
    ['9161234567', '9161234567'],
    ['8 800 555-35-35', '8005553535'],
    ['8005553535', '8005553535'],
    ['тел. 916-123', '916123'],
    ['+7 (', ''],
    ['916123456789', '9161234567'],
  ])('reads %s', (text, digits) => expect(phoneDigits(text)).toBe(digits));

  it.each([
    ['', ''],
    ['9', '+7 (9'],
    ['9161', '+7 (916) 1'],
    ['9161234567', '+7 (916) 123-45-67'],
  ])('writes %s', (digits, text) => expect(phoneMask(digits)).toBe(text));

  it('is filled by typing, with 8 first or without', () => {
    for (const typed of ['89161234567', '79161234567', '9161234567']) {
      let value = '';
      for (const key of typed) value = phoneEdit(value + key, value.length + 1).value;
      expect(value).toBe('+7 (916) 123-45-67');
    }
  });

  it('is emptied by deleting', () => {
    let value = '+7 (916) 1';
    for (let n = 0; n < 20 && value !== ''; n++) value = phoneEdit(value.slice(0, -1), value.length - 1).value;
    expect(value).toBe('');
  });

  it('keeps the caret behind the digit that was typed', () => {
    // 5 typed after 91 in +7 (916) 123-45-6
    expect(phoneEdit('+7 (9156) 123-45-6', 7)).toEqual({ value: '+7 (915) 612-34-56', caret: 7 });
    expect(phoneEdit('+7 (916) 1293-45-6', 12).caret).toBe(12);
  });
});

describe('what is wrong with a field', () => {
  const name = { name: 'fname', cyrillic: true };
  it.each([
    ['Пётр', undefined],
    ['Анна-Мария', undefined],
    ['Ёлкина Анна', undefined],
    ['  Анна ', undefined],
    ['Anna', 'cyrillic'],
    ['Аннa', 'cyrillic'], // the last letter is Latin
    ['Анна2', 'cyrillic'],
    ['-Анна', 'cyrillic'],
    ['Анна--Мария', 'cyrillic'],
    ['Ганна Їжак', 'cyrillic'],
    ['', undefined],
  ])('name %s', (value, fault) => expect(faultOf(name, value)).toBe(fault));

  it('asks for what is required', () => {
    expect(faultOf({ name: 'contract', required: true }, '  ')).toBe('required');
    expect(faultOf({ name: 'phone', required: true }, '+7 (916) 123-45')).toBe('phone');
    expect(faultOf({ name: 'phone' }, '')).toBeUndefined();
    expect(faultOf({ name: 'email' }, 'anna@почта.рф')).toBeUndefined();
    expect(faultOf({ name: 'email' }, 'anna@post')).toBe('email');
  });

  it('sends plain values', () => {
    expect(plain('phone', '+7 (916) 123-45-67')).toBe('+79161234567');
    expect(plain('fname', ' Анна   Мария ')).toBe('Анна Мария');
  });
});
