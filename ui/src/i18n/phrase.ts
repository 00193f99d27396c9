/** Texts and their forms: what a dictionary is made of. */

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A text, or the forms of it that `count` chooses between. */
export type Phrase = string | Forms;

export type Values = Record<string, string | number>;

/** A part of the dictionary in another language: the same keys, or it does not compile. */
export type Like<T> = Record<keyof T, Phrase>;

/**
 * Puts values into the {places} of a text. The form of the text is chosen by
 * the value `count`; numbers are written as the language writes them.
 */
export function fill(phrase: Phrase, values: Values | undefined, locale: string): string {
  const text = typeof phrase === 'string' ? phrase : form(phrase, values?.count, locale);
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? numbers(locale).format(value) : value;
  });
}

function form(forms: Forms, count: string | number | undefined, locale: string): string {
  return forms[rules(locale).select(Number(count ?? 0))] ?? forms.other;
}

/** Keeps what is costly to make: one of each for a language. */
function kept<T>(make: (locale: string) => T): (locale: string) => T {
  const made = new Map<string, T>();
  return (locale) => {
    const known = made.get(locale);
    if (known !== undefined) return known;
    const fresh = make(locale);
    made.set(locale, fresh);
    return fresh;
  };
}

const rules = kept((locale) => new Intl.PluralRules(locale));
const numbers = kept((locale) => new Intl.NumberFormat(locale));
