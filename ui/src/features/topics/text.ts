import { makePart } from '../../i18n/part';
import { topics } from '../../i18n/ru/topics';

/** The texts of the topics, which come with their page. */
export const useWords = makePart({ ru: topics, english: async () => (await import('../../i18n/en/topics')).topics });
