/** digits of a Russian number after +7: what is pasted with 8 or 7 before it is the same number. */
export function phoneDigits(text: string): string {
  const all = text.replace(/\D/g, '');
  const own = /^\s*\+\s*7/.test(text) || (all.length > 10 && /^[78]/.test(all)) ? all.slice(1) : all;
  return own.slice(0, 10);
}

/** phoneMask writes digits as +7 (XXX) XXX-XX-XX, as far as there are any. */
export function phoneMask(d: string): string {
  if (d === '') return '';
  let out = '+7 (' + d.slice(0, 3);
  if (d.length > 3) out += ') ' + d.slice(3, 6);
  if (d.length > 6) out += '-' + d.slice(6, 8);
  if (d.length > 8) out += '-' + d.slice(8, 10);
  return out;
}

/**
 * phoneEdit turns what stands in the field after a key press into the mask, and
 * says where the caret belongs: behind the same digit as before.
 */
export function phoneEdit(text: string, caret: number): { value: string; caret: number } {
  // A first 8 or 7 typed into an empty field begins the number as people write it.
  const digits = phoneDigits(text);
  const value = /^[78]$/.test(text) ? '+7 (' : phoneMask(digits);
  const skipped = text.replace(/\D/g, '').startsWith(digits) ? 0 : 1;
  const left = Math.max(0, text.slice(0, caret).replace(/\D/g, '').length - skipped);
  if (caret >= text.length) return { value, caret: value.length };
  let at = Math.min(4, value.length);
  for (let seen = 0; at < value.length && seen < left; at++) if (/\d/.test(value[at] ?? '')) seen++;
  return { value, caret: at };
}

export type Fault = 'required' | 'cyrillic' | 'phone' | 'email';

const email = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const cyrillic = /^[А-Яа-яЁё]+(?:[ -][А-Яа-яЁё]+)*$/;

/** faultOf says what is wrong with the value of a field, or nothing. */
export function faultOf(f: { name: string; required?: boolean; cyrillic?: boolean }, value: string): Fault | undefined {
  const text = value.trim();
  if (text === '') return f.required ? 'required' : undefined;
  if (f.name === 'phone') return phoneDigits(text).length === 10 ? undefined : 'phone';
  if (f.name === 'email') return email.test(text) ? undefined : 'email';
  if (f.cyrillic) return cyrillic.test(text) ? undefined : 'cyrillic';
  return undefined;
}

/** plain is the value as it is sent: a number with nothing but its digits. */
export function plain(name: string, value: string): string {
  return name === 'phone' ? '+7' + phoneDigits(value) : value.trim().replace(/\s+/g, ' ');
}
