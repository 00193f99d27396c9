import type ru from '../../../transport/visitor/words/ru.json';

/**
 * Words are what the widget says. They come with the account's configuration, so
 * that the account may say any of them in its own way. Russian is the source.
 */
export type Words = typeof ru;
export type Word = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Dictionary = Record<string, Word | undefined>;

export interface Text {
  locale: string;
  (key: keyof Words, n?: number | string): string;
  time(at: number): string;
  day(at: number): string;
  size(bytes: number): string;
}

/** textIn returns what speaks a language. */
export function textIn(locale: string, words: Dictionary = {}): Text {
  const rules = new Intl.PluralRules(locale);
  const t = (key: keyof Words, n: number | string = ''): string => {
    const word = words[key] ?? '';
    const text = typeof word === 'string' ? word : (word[rules.select(Number(n))] ?? word.other ?? '');
    return text.replace('{n}', n.toLocaleString(locale));
  };
  const written = (at: number, options: Intl.DateTimeFormatOptions) => (at ? new Date(at).toLocaleString(locale, options) : '');
  return Object.assign(t, {
    locale,
    time: (at: number) => written(at, { hour: '2-digit', minute: '2-digit' }),
    day: (at: number) => {
      const days = Math.round((midnight(Date.now()) - midnight(at)) / 864e5);
      if (days < 2) return t(days < 1 ? 'today' : 'yesterday');
      return written(at, { day: 'numeric', month: 'long', year: days > 300 ? 'numeric' : undefined });
    },
    size: (bytes: number) => (bytes < 1e6 ? t('kilobytes', Math.ceil(bytes / 1000)) : t('megabytes', Math.round(bytes / 1e5) / 10)),
  });
}

/** midnight is when the day of a moment began. */
export function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** languageOf chooses the language: what was asked for, then the page's, then the browser's. */
export function languageOf(offered: string[], ...wanted: (string | undefined)[]): string {
  const short = wanted.map((w) => w?.slice(0, 2).toLowerCase() ?? '');
  return short.find((w) => offered.includes(w)) ?? offered[0] ?? 'ru';
}
