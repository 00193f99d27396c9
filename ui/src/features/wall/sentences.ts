import { inRussian } from '../../i18n/sentences';
import { translator, type Sentence } from '../../i18n/translator';
import { useRefused, useTold } from '../../kit/told';
import { useWords } from './text';

const sentences: Sentence[] = [
  ['the conversation is closed', 'Обращение уже завершено'],
  ['only who serves a line takes conversations', 'Взять обращение может только тот, кто сам отвечает в какой-нибудь группе'],
  ['the operator is neither online nor invisible', 'Обращение может получить только тот, кто на приёме'],
  ['there is no operator {}', 'Этого оператора нет, или он вам не виден'],
  ['there is no conversation {}', 'Этого обращения нет, или оно вам не видно'],
  ['there is no such item in the error queue', 'Этого сообщения в ошибках уже нет'],
];

const wallInRussian = translator(sentences);

/** Why something was not done. */
export const useOurReason = () => useRefused(useTold(wallInRussian), [404, 409, 422]);

/** What a channel or the server says went wrong. */
export function useFault(): (said: string) => string {
  const { locale } = useWords();
  return (said) => (locale === 'ru' ? inRussian(said) : said);
}
