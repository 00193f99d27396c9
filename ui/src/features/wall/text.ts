import { makePart } from '../../i18n/part';
import { wall } from '../../i18n/ru/wall';

/** The texts of «Мониторинг», which come with its page. */
export const useWords = makePart({ ru: wall, english: async () => (await import('../../i18n/en/wall')).wall });
