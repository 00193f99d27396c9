import { names, type Field } from './config';
import type { Identity } from './wire';

const longest = 200;

/** cleaned keeps what may be said of a visitor: known fields, as text, not too long. */
export function cleaned(data: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  if (typeof data !== 'object' || data === null) return out;
  for (const name of names) {
    const value = (data as Record<string, unknown>)[name];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const text = String(value).trim();
    if (text !== '') out[name] = [...text].slice(0, longest).join('');
  }
  return out;
}

/** tokenOf takes the signed token out of what a page passes. */
export function tokenOf(data: unknown): string | undefined {
  const token = (data as { token?: unknown } | null | undefined)?.token;
  return typeof token === 'string' && token.length < 4000 ? token : undefined;
}

/** signedFields reads what a token says. Whether it is true, the server alone decides. */
export function signedFields(token: string | undefined): Record<string, string> {
  try {
    const part = (token ?? '').split('.')[0] ?? '';
    const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    return cleaned((JSON.parse(new TextDecoder().decode(bytes)) as { fields?: unknown }).fields);
  } catch {
    return {};
  }
}

/** Person is what is known of the visitor: said by the page, and by the visitor in the form. */
export class Person {
  private page: Record<string, string> = {};
  private token?: string;
  form: Record<string, string> = {};

  authenticate(data: unknown): void {
    this.page = cleaned(data);
    this.token = tokenOf(data);
  }

  /** identity is what the server is told, or undefined if there is nothing to tell. */
  identity(): Identity | undefined {
    const fields = { ...this.form, ...this.page };
    if (!this.token && Object.keys(fields).length === 0) return undefined;
    return this.token ? { fields, token: this.token } : { fields };
  }

  /** asked are the fields of a form that nobody has told yet. */
  asked(form: readonly Field[]): Field[] {
    const known = { ...signedFields(this.token), ...this.page };
    return form.filter((f) => !(f.name in known));
  }
}
