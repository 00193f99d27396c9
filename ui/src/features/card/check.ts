/** Whether what was written can be what a field is for. */
import type { Key } from '../../i18n';
import type { CustomField } from '../../sync';

/** As the server has it. */
const LONGEST = 2000;

const formats: Record<CustomField['kind'], (text: string) => Key | null> = {
  text: () => null,
  phone: (text) => (phoneOf(text) ? null : 'card.wrong.phone'),
  email: (text) => (isEmail(text) ? null : 'card.wrong.email'),
  number: (text) => (/^[-+]?\d+([.,]\d+)?$/.test(text.replace(/\s/g, '')) ? null : 'card.wrong.number'),
  date: (text) => (isDate(text) ? null : 'card.wrong.date'),
};

/** What is wrong with a value, or null. */
export function checkField(field: Pick<CustomField, 'kind' | 'required'>, value: string): Key | null {
  const text = value.trim();
  if (text === '') return field.required ? 'card.wrong.required' : null;
  if ([...text].length > LONGEST) return 'card.wrong.long';
  return (formats[field.kind] ?? formats.text)(text);
}

/**
 * A phone number in the international form, `+79161234567`; null if it is none.
 * The eight that Russians dial before a number of ten digits stands for +7.
 */
export function phoneOf(text: string): string | null {
  const trimmed = text.trim();
  if (!/^\+?[\d\s().–-]+$/.test(trimmed)) return null;
  const digits = trimmed.replace(/\D/g, '');
  if (!trimmed.startsWith('+') && /^8\d{10}$/.test(digits)) return `+7${digits.slice(1)}`;
  if (!trimmed.startsWith('+') && /^9\d{9}$/.test(digits)) return `+7${digits}`;
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : null;
}

/** One mailbox at a domain with a point in it; letters of any alphabet. */
export function isEmail(text: string): boolean {
  if (text.length > 254) return false;
  const [box = '', host = '', ...more] = text.split('@');
  if (more.length > 0 || box === '' || box.length > 64) return false;
  if (!/^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(box)) return false;
  return /^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u.test(host);
}

/** A day of the calendar as it is kept, `2000-02-29`. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (!year || !month || !day) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** A kept day as people write it, `29.02.2000`; anything else as it is. */
export function shownDate(value: string): string {
  return isDate(value) ? value.split('-').reverse().join('.') : value;
}

/** What was typed, as it is kept once it is a whole day. */
export function typedDate(text: string): string {
  const [, day = '', month = '', year = ''] = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(text) ?? [];
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(value) ? value : text;
}

/** A Russian number in groups, «+7 916 123-45-67»; another one as it is. */
export function shownPhone(value: string): string {
  const [, ...groups] = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(value) ?? [];
  return groups.length === 4 ? `+7 ${groups[0]} ${groups[1]}-${groups[2]}-${groups[3]}` : value;
}

/** A value as it is read. */
export function shownValue(kind: CustomField['kind'] | undefined, value: string): string {
  if (kind === 'date') return shownDate(value);
  return kind === 'phone' ? shownPhone(value) : value;
}

const phoneKinds: ReadonlySet<string> = new Set(['phone', 'sms', 'whatsapp', 'viber']);

export type Identifier = 'phone' | 'email' | 'text';

/** What a customer is identified by in a kind of channel. */
export function identifierOf(kind: string): Identifier {
  if (kind === 'email') return 'email';
  return phoneKinds.has(kind) ? 'phone' : 'text';
}

/** What is wrong with an identifier, or null. */
export function checkIdentifier(kind: string, value: string): Key | null {
  return checkField({ kind: identifierOf(kind), required: true }, value);
}

/** The identifier as it is kept: phones in one form, addresses of mail in small letters. */
export function tidyIdentifier(kind: string, value: string): string {
  const text = value.trim();
  if (identifierOf(kind) === 'phone') return phoneOf(text) ?? text;
  return identifierOf(kind) === 'email' ? text.toLowerCase() : text;
}
