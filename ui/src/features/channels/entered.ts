/** What is entered about an account: fields of a form into settings and secrets, and back. */
import type { ChannelAccount, Entered, Kind, KindField } from '../../sync';

export type Values = Record<string, string>;

/** The form's beginning. Secrets are never shown, so they begin empty. */
export function valuesOf(kind: Kind, account?: ChannelAccount): Values {
  const out: Values = {};
  for (const f of kind.fields) {
    const kept = f.kind === 'secret' ? undefined : account?.settings?.[f.name];
    out[f.name] = kept === undefined || kept === null ? '' : String(kept);
  }
  return out;
}

function typed(f: KindField, value: string): unknown {
  if (f.kind === 'number') return Number(value);
  if (f.kind === 'bool') return value === 'true';
  return value;
}

/** What is put. Settings that the form does not know, such as the network, stay as they are. */
export function enteredOf(kind: Kind, values: Values, account?: ChannelAccount): { settings: Entered; secrets?: Entered } {
  const settings: Entered = { ...account?.settings };
  const secrets: Entered = {};
  for (const f of kind.fields) {
    const value = (values[f.name] ?? '').trim();
    if (f.kind === 'secret') {
      if (value) secrets[f.name] = value;
    } else if (value) settings[f.name] = typed(f, value);
    else delete settings[f.name];
  }
  return Object.keys(secrets).length > 0 ? { settings, secrets } : { settings };
}

/** The fields that must be filled in and are not. A secret that is kept may stay empty. */
export function missing(kind: Kind, values: Values, account?: ChannelAccount): string[] {
  return kind.fields
    .filter((f) => f.required && !f.default && !(f.kind === 'secret' && account) && !(values[f.name] ?? '').trim())
    .map((f) => f.name);
}
