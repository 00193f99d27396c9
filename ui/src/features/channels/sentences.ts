import { useText } from '../../i18n';
import { inRussian } from '../../i18n/sentences';

/** What the server says, in the language of the person as far as the words are ours. */
export function useOurWords(): (said: string) => string {
  const { locale } = useText();
  return locale === 'ru' ? inRussian : (said) => said;
}
