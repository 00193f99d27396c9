/** What the server says, as a page says it to people. */
import { useText } from '../i18n';
import { problemOf } from '../sync';
import { useReason } from './Failure';

/** In the language of the person, with a capital; the page brings the Russian of what it hears. */
export function useTold(inRussian: (said: string) => string): (said: string) => string {
  const { locale } = useText();
  return (said) => {
    const text = locale === 'ru' ? inRussian(said) : said;
    return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
  };
}

/** Why something was refused: the server's own sentence for these statuses, else what all such refusals say. */
export function useRefused(told: (said: string) => string, statuses: readonly number[]): (thrown: unknown) => string {
  const reason = useReason();
  return (thrown) => {
    const { status, detail } = problemOf(thrown);
    return detail && statuses.includes(status) ? told(detail) : reason(thrown);
  };
}
