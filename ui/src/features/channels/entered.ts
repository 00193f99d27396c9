/** What is entered about an account: fields of a form into settings and secrets, and back. */
import type { ChannelAccount, Entered, Kind, KindField } from '../../sync';

export type Values = Record<string, string>;

/** The form's beginning. Secrets are never shown, so they begin empty. */
export function valuesOf(kind: Kind, account?: ChannelAccount): Values {
  const out: Values = {};
  for (const f of kind.fields) {
    const kept = f.kind === 'secret' ? undefined : at(account?.settings, f.name.split('.'));
    out[f.name] = kept === undefined || kept === null ? (f.empty && f.default) || '' : String(kept);
  }
  return out;
}

/** A full stop in the name of a field leads into an object. */
function at(object: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined || object === undefined || object === null) return object;
  return at((object as Entered)[name], rest);
}

/** The same object with a value there, or without it. An object that is empty then goes too. */
function laid(object: Entered, [name = '', ...rest]: string[], value: unknown): Entered {
  const { [name]: before, ...others } = object;
  const inner = rest.length > 0 ? laid({ ...(before as Entered | undefined) }, rest, value) : value;
  const gone = inner === undefined || (rest.length > 0 && Object.keys(inner as Entered).length === 0);
  return gone ? others : { ...others, [name]: inner };
}

/** What a setting is when this was entered; undefined leaves it to the server. */
function typed(f: KindField, value: string): unknown {
  if (f.empty) return value === f.default ? undefined : value;
  if (value === '') return undefined;
  if (f.kind === 'number') return Number(value);
  if (f.kind === 'bool') return value === 'true';
  return value;
}

/** What is put. Settings that the form does not know stay as they are. */
export function enteredOf(kind: Kind, values: Values, account?: ChannelAccount): { settings: Entered; secrets?: Entered } {
  let settings: Entered = { ...account?.settings };
  const secrets: Entered = {};
  for (const f of kind.fields) {
    const value = (values[f.name] ?? '').trim();
    if (f.kind !== 'secret') settings = laid(settings, f.name.split('.'), typed(f, value));
    else if (value) secrets[f.name] = value;
  }
  return Object.keys(secrets).length > 0 ? { settings, secrets } : { settings };
}

/** The fields that must be filled in and are not. A secret that is kept may stay empty. */
export function missing(kind: Kind, values: Values, account?: ChannelAccount): string[] {
  return kind.fields
    .filter((f) => f.required && !f.default && !(f.kind === 'secret' && account) && !(values[f.name] ?? '').trim())
    .map((f) => f.name);
}
