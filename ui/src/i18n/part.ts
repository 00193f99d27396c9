/**
 * A part of the dictionary that comes with its page: what most people never
 * open costs them nothing. Russian is there at once, another language is
 * waited for as the page itself is.
 */
import { use, useMemo } from 'react';
import { useText, type Key, type Like, type Text, type Values } from './index';
import { fill, type Phrase } from './phrase';

export interface Part<D> {
  ru: D;
  english: () => Promise<Like<D>>;
}

/** The texts of the page and of the workspace. */
export interface PartText<D> extends Omit<Text, 't'> {
  t: (key: Key | Extract<keyof D, string>, values?: Values) => string;
}

/** What makes a hook of a part. */
export function makePart<D extends Record<string, Phrase>>({ ru, english }: Part<D>): () => PartText<D> {
  let asked: Promise<Like<D>> | undefined;
  return function usePart() {
    const text = useText();
    const words: Like<D> = text.locale === 'en' ? use((asked ??= english())) : ru;
    return useMemo(() => {
      const own = (key: string): key is Extract<keyof D, string> => key in words;
      return { ...text, t: (key, values) => (own(key) ? fill(words[key], values, text.locale) : text.t(key as Key, values)) };
    }, [text, words]);
  };
}
