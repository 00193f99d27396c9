/** What is known of words: each is asked for once, and kept while the page is open. */
import { useSyncExternalStore } from 'react';
import { lookUp, type Spelt } from '../../../../sync';

interface Page extends Spelt {
  at: number;
}

/** A word that is wrong is asked for again after this: somebody may have put it into the dictionary. */
const lasts = 300_000;
const most = 5000;

let pages = new Map<string, Page>();
const asked = new Map<string, Promise<void>>();
let edition = 0;
const readers = new Set<() => void>();

const keyOf = (word: string, language: string) => `${language} ${word}`;
const plain = (word: string) => word.toLowerCase().replaceAll('ё', 'е').replaceAll('’', "'");

/** What is known of a word; undefined before it has been asked for. */
export function read(word: string, language: string): Spelt | undefined {
  return pages.get(keyOf(word, language));
}

/** Asks for the words that are not known yet. It fails if the server does. */
export async function ask(words: string[], language: string): Promise<void> {
  const fresh = [...new Set(words)].filter((word) => isMissing(word, language));
  const waits = fresh.map((word) => asked.get(keyOf(word, language)));
  const now = fresh.filter((_, i) => !waits[i]);
  if (now.length > 0) {
    const answer = lookUp(now, language).then((found) => keep(found, language)).finally(() => now.forEach((word) => asked.delete(keyOf(word, language))));
    for (const word of now) asked.set(keyOf(word, language), answer);
    waits.push(answer);
  }
  await Promise.all(waits);
}

export function isMissing(word: string, language: string): boolean {
  const page = pages.get(keyOf(word, language));
  return !page || (!page.known && Date.now() - page.at > lasts);
}

function keep(found: Spelt[], language: string): void {
  if (pages.size > most) pages = new Map();
  for (const one of found) pages.set(keyOf(one.word, language), { ...one, at: Date.now() });
  turn();
}

/** A word is right from now on, in whatever case. */
export function learn(word: string): void {
  for (const page of pages.values()) if (plain(page.word) === plain(word)) page.known = true;
  turn();
}

function turn(): void {
  edition++;
  readers.forEach((reader) => reader());
}

/** A number that changes whenever something more is known. */
export function useEdition(): number {
  return useSyncExternalStore(listen, () => edition);
}

function listen(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}
