import { agentsInRussian } from '../../i18n/agentSentences';
import { useWords } from './text';

/** What the server says of agents and hours, in the language of the person, as a sentence. */
export function useOurWords(): (said: string) => string {
  const { locale } = useWords();
  return (said) => {
    const text = locale === 'ru' ? agentsInRussian(said) : said;
    return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
  };
}
