/** What can be said of the fields before the server is asked. */
import type { Word } from './text';

const NAME = 200;
const LOGIN = 64;
const TEXT = 500;

const length = (text: string) => [...text].length;

export function checkName(text: string): Word | null {
  if (text.trim() === '') return 'welcome.need';
  return length(text.trim()) > NAME ? 'welcome.long' : null;
}

/** A surname may be left out. */
export function checkSurname(text: string): Word | null {
  return text.trim() === '' ? null : checkName(text);
}

export function checkLogin(login: string, taken: readonly string[]): Word | null {
  const own = login.trim().toLowerCase();
  if (own === '') return 'welcome.need';
  if (length(own) > LOGIN || /[\s\p{C}]/u.test(own)) return 'welcome.login.form';
  return taken.some((each) => each.toLowerCase() === own) ? 'welcome.login.taken' : null;
}

export function checkAccent(colour: string): Word | null {
  return /^#[0-9a-f]{6}$/i.test(colour) ? null : 'welcome.accent.form';
}

export function checkGreeting(text: string): Word | null {
  if (text.trim() === '') return 'welcome.need';
  return length(text.trim()) > TEXT ? 'welcome.greeting.long' : null;
}

/** The server's field names, and the words for what it has against each. */
const refused: Record<string, Word> = {
  name: 'welcome.wrong.name',
  line: 'welcome.wrong.name',
  timeZone: 'welcome.wrong.zone',
  firstName: 'welcome.wrong.name',
  lastName: 'welcome.wrong.name',
  login: 'welcome.wrong.login',
  accent: 'welcome.accent.form',
  greeting: 'welcome.greeting.long',
};

/** Why the server refused a field of the form; null if it is about none of them. */
export function refusedField(field: string, form: object): Word | null {
  return field in form ? (refused[field] ?? null) : null;
}

/** Black or white, whichever can be read upon the colour, as the widget itself chooses. */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5 ? '#ffffff' : '#000000';
}
