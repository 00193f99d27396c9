/** The words of a text that are wrong, as far as is known. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { ask, isMissing, read, useEdition } from './book';
import { wordsOf, type Token } from './tokens';

/** A word is finished when another key follows, or none does for so long. */
const finished = 1000;
/** Words that come together are asked for together. */
const together = 150;

export interface Checked {
  wrong: Token[];
  /** The words that are not known yet, the one under the cursor among them. */
  missing: (text: string) => string[];
  /** All that is wrong in a text now, the word under the cursor too. */
  all: (text: string) => Token[];
}

export function useWrong(text: string, caret: number, language: string, isName: (word: string) => boolean): Checked {
  const edition = useEdition();
  const typing = useTyping(text, caret);
  const tokens = useMemo(() => wordsOf(text, isName), [text, isName]);
  const settled = useMemo(() => (typing ? tokens.filter(({ to }) => to !== caret) : tokens), [tokens, typing, caret]);

  useEffect(() => {
    const fresh = missingOf(settled, language);
    if (fresh.length === 0) return undefined;
    // Without an answer nothing is underlined; the next word asks for all of them again.
    const timer = setTimeout(() => void ask(fresh, language).catch(() => {}), together);
    return () => clearTimeout(timer);
  }, [settled, language, edition]);

  return useMemo(() => {
    void edition;
    return {
      wrong: wrongOf(settled, language),
      missing: (now) => missingOf(wordsOf(now, isName), language),
      all: (now) => wrongOf(wordsOf(now, isName), language),
    };
  }, [settled, language, isName, edition]);
}

function missingOf(tokens: Token[], language: string): string[] {
  return everyWord(tokens).filter((word) => isMissing(word, language));
}

function everyWord(tokens: Token[]): string[] {
  return tokens.flatMap(({ word, parts = [] }) => [word, ...everyWord(parts)]);
}

function wrongOf(tokens: Token[], language: string): Token[] {
  return tokens.flatMap((token) => {
    const found = read(token.word, language);
    if (found && !found.known) return [token];
    return token.parts ? wrongOf(token.parts, language) : [];
  });
}

/** Whether the word at the cursor is being typed: the text has just changed there. */
function useTyping(text: string, caret: number): boolean {
  const before = useRef({ text, at: -1 });
  if (before.current.text !== text) before.current = { text, at: caret };
  const [restFor, rest] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => rest(text), finished);
    return () => clearTimeout(timer);
  }, [text]);
  return before.current.at === caret && restFor !== text;
}
