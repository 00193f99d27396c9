import { names, type Field } from './config';
import type { Identity } from './wire';

const longest = 200;

/** cleaned keeps what may be said of a visitor: known fields, as text, not too long. */
export function cleaned(data: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of names) {
    const value = (Object(data) as Record<string, unknown>)[name];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    if (text) out[name] = [...text].slice(0, longest).join('');
  }
  return out;
}

/** signedIn reads what a token says. Whether it is true, the server alone decides. */
export function signedIn(token: unknown): { id?: string; fields?: unknown } {
  try {
    const text = atob(String(token).replace(/\..*/, '').replace(/-/g, '+').replace(/_/g, '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))) as { id?: string };
  } catch {
    return {};
  }
}

/** Person is what is known of the visitor: said by the page, and by the visitor in the form. */
export class Person {
  private page: Record<string, string> = {};
  private token?: string;
  form: Record<string, string> = {};

  /** authenticate takes what the page says, and returns who that is to the site, if it is signed. */
  authenticate(data: unknown): string | undefined {
    const { token } = Object(data) as { token?: unknown };
    const { id, fields } = signedIn(token);
    this.token = typeof token === 'string' ? token : undefined;
    this.page = { ...cleaned(data), ...cleaned(fields) };
    return id;
  }

  /** identity is what the server is told, or undefined if there is nothing to tell. */
  identity(): Identity | undefined {
    const fields = { ...this.form, ...this.page };
    return this.token || Object.keys(fields).length > 0 ? { fields, token: this.token } : undefined;
  }

  /** asked are the fields of a form that nobody has told yet. */
  asked(form: readonly Field[]): Field[] {
    return form.filter((f) => !(f.name in this.page));
  }
}
