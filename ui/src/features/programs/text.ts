import { makePart } from '../../i18n/part';
import { programs } from '../../i18n/ru/programs';

/** The texts of keys and webhooks, which come with their page. */
export const useWords = makePart({ ru: programs, english: async () => (await import('../../i18n/en/programs')).programs });
