import { makePart } from '../../i18n/part';
import { history } from '../../i18n/ru/history';

/** The texts of «Поиск обращений», which come with its page. */
export const useWords = makePart({ ru: history, english: async () => (await import('../../i18n/en/history')).history });
