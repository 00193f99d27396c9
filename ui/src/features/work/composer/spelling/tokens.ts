/** Which pieces of a text are words that can be looked up, and where they are. */

export interface Token {
  word: string;
  from: number;
  to: number;
  /** It may be one word of the Russian layout that has signs in it; if it is not, these are the words. */
  parts?: Token[];
}

/** The words of a text but those that are nobody's mistake: addresses, numbers, abbreviations, names. */
export function wordsOf(text: string, isName: (word: string) => boolean = () => false): Token[] {
  const found: Token[] = [];
  for (const { 0: piece, index } of text.matchAll(/\S+/gu)) {
    if (isAddress(piece)) continue;
    const parts = plainWords(piece, index).filter(({ word }) => isLooked(word) && !isName(word));
    const whole = shifted(piece, index);
    if (whole) found.push({ ...whole, parts });
    else found.push(...parts);
  }
  return found;
}

function plainWords(piece: string, at: number): Token[] {
  return [...piece.matchAll(/[\p{L}\p{M}\p{N}_]+(?:[-'’][\p{L}\p{M}\p{N}_]+)*/gu)].map(({ 0: word, index }) => ({
    word, from: at + index, to: at + index + word.length,
  }));
}

/** «ye;yj» is «нужно»: signs of the Latin layout that are letters of the Russian one, inside a word or before it. */
function shifted(piece: string, at: number): Token | undefined {
  const word = /^["«(]*([A-Za-z[\];',.`]*?)[.,!?»")]*$/u.exec(piece)?.[1];
  if (!word || !/[;[\],.`][A-Za-z]/u.test(word) || /[A-Z]{2}/u.test(word)) return undefined;
  const from = at + piece.indexOf(word);
  return { word, from, to: from + word.length };
}

function isAddress(piece: string): boolean {
  return /^\S+:\/\/|^www\.|\S@\S|^[@#/\\]|^[^\s/]*[a-z0-9-]+\.[a-z]{2,}([/?#:]|$)/iu.test(piece) && !/^[a-z]{1,3}\.[a-z]\.?$/iu.test(piece);
}

function isLooked(word: string): boolean {
  return word.length > 1 && !/[\p{N}_]/u.test(word) && !(word === word.toUpperCase() && word !== word.toLowerCase());
}

/** Names are written in all their cases: «Кузнецовой» is «Кузнецова». */
export function namesIn(texts: string[]): (word: string) => boolean {
  const names = texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}]+/u)).filter((name) => name.length > 1);
  return (word) => names.some((name) => isForm(word.toLowerCase(), name));
}

function isForm(word: string, name: string): boolean {
  if (word === name) return true;
  const stem = name.replace(/([иы]й|ая|[аяеийоуыьэюё])$/u, '');
  return stem.length >= 3 && word.startsWith(stem) && word.length - stem.length <= 3;
}
