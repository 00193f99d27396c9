import { makePart } from '../../i18n/part';
import { statistics } from '../../i18n/ru/statistics';

/** The texts of «Статистика», which come with its page. */
export const useWords = makePart({ ru: statistics, english: async () => (await import('../../i18n/en/statistics')).statistics });
