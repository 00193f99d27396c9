/** Words that the server looks up, and a center's own dictionary. */
import { post, put } from './rest';

export interface Spelt {
  word: string;
  known: boolean;
  /** At most five, the likeliest first. */
  suggestions: string[];
}

/** The server takes no more at once. */
const MOST = 100;

/** Looks words up that are parts of a text in a language. */
export async function lookUp(words: string[], language: string): Promise<Spelt[]> {
  const found: Spelt[] = [];
  for (let from = 0; from < words.length; from += MOST) {
    const told = await post<{ words: Spelt[] }>('/api/v1/spelling', { language, words: words.slice(from, from + MOST) });
    found.push(...told.words);
  }
  return found;
}

/** Makes a word right for a center. */
export async function addWord(word: string, centerId: string): Promise<void> {
  await put(`/api/v1/dictionary/${encodeURIComponent(word)}`, { center_id: centerId });
}
