import type { Dictionary } from './i18n';

/** Config is what the account says of its widget: GET /widget/v1/ACCOUNT/config. */
export interface Config {
  style: 'classic' | 'light' | 'square';
  theme: 'auto' | 'light' | 'dark';
  position: 'right' | 'left';
  accent: string;
  radius: number;
  /** of the server, relative to it. */
  logo?: string;
  languages: string[];
  /** everything the widget says, by language. */
  texts: Record<string, Dictionary>;
  prechat: Field[];
  files: { enabled: boolean; max_size: number; max_count: number; accept: string[] };
  rating: boolean;
}

export interface Field {
  name: Name;
  required?: boolean;
  cyrillic?: boolean;
  label?: Record<string, string>;
}

export const names = ['fname', 'lname', 'email', 'phone', 'contract'] as const;
export type Name = (typeof names)[number];

/** Place is where the widget's server is, and which account of it is meant. */
export interface Place {
  server: string;
  account: string;
  language?: string;
  theme?: string;
}

/**
 * placeOf reads the script tag. The account is named by data-account or by the
 * script's own address, so that an address alone is enough.
 */
export function placeOf(script: HTMLScriptElement): Place | undefined {
  const address = new URL(script.src, location.href);
  const { account, lang, theme } = script.dataset;
  const id = account ?? address.searchParams.get('account') ?? '';
  if (id === '') return undefined;
  return { account: id, server: address.origin, language: lang, theme };
}
