import { knowledgeInRussian } from '../../i18n/knowledgeSentences';
import { useReason } from '../../kit';
import type { Problem } from '../../sync';
import { useWords } from './text';

/** What the server says, in the language of the person, as a sentence. */
export function useSentence(): (said: string) => string {
  const { locale } = useWords();
  return (said) => sentence(locale === 'ru' ? knowledgeInRussian(said) : said);
}

/** Why the server refused: its own sentence if it is about what was entered, else what all such refusals say. */
export function useOurReason(): (problem: Problem) => string {
  const said = useSentence();
  const reason = useReason();
  const own = new Set([409, 413, 415, 422]);
  return (problem) => (problem.detail && own.has(problem.status) ? said(problem.detail) : reason(problem));
}

/** It begins with a capital and ends with a full stop. */
function sentence(text: string): string {
  const [first = '', ...rest] = text;
  const whole = first.toLocaleUpperCase() + rest.join('');
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
