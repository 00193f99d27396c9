/**
 * The languages of the workspace. Russian is the source and is always here;
 * another language is loaded when somebody chooses it.
 */
import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { makeFormat, type Format } from './format';
import { fill, type Like, type Values } from './phrase';
import { ru } from './ru';

export type { Forms, Like, Phrase, Values } from './phrase';

export type Key = keyof typeof ru;
export type Locale = 'ru' | 'en';
export const locales: readonly Locale[] = ['ru', 'en'];

type Dictionary = Like<typeof ru>;

export interface Text extends Format {
  t: (key: Key, values?: Values) => string;
  locale: Locale;
  setLocale: (locale: Locale) => void;
}

const dictionaries: Partial<Record<Locale, Dictionary>> = { ru };
const KEPT = 'crafttalk.locale';

/** The language that was chosen on this computer; Russian if none was. */
export function keptLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  return locales.find((l) => l === kept) ?? 'ru';
}

async function load(locale: Locale): Promise<void> {
  if (locale === 'en') dictionaries.en ??= (await import('./en')).en;
}

function makeText(locale: Locale, setLocale: (locale: Locale) => void): Text {
  const dictionary = dictionaries[locale] ?? ru;
  return { ...makeFormat(locale), locale, setLocale, t: (key, values) => fill(dictionary[key], values, locale) };
}

const Current = createContext<Text>(makeText('ru', () => {}));

/** Gives everything inside the language of the person. */
export function LocaleProvider({ children, initial = keptLocale() }: { children: ReactNode; initial?: Locale }) {
  const [locale, show] = useState<Locale | null>(dictionaries[initial] ? initial : null);
  const setLocale = useCallback((next: Locale) => {
    localStorage.setItem(KEPT, next);
    void load(next).then(() => show(next));
  }, []);

  useEffect(() => {
    if (locale === null) void load(initial).then(() => show(initial));
  }, [locale, initial]);
  // With the words, not after them: what reads aloud must not read English as Russian.
  useLayoutEffect(() => {
    if (locale) document.documentElement.lang = locale;
  }, [locale]);

  const text = useMemo(() => (locale ? makeText(locale, setLocale) : null), [locale, setLocale]);
  return text && <Current.Provider value={text}>{children}</Current.Provider>;
}

/** The texts and the formats of the present language. */
export function useText(): Text {
  return useContext(Current);
}
