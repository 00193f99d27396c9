import { makePart } from '../../i18n/part';
import { knowledge } from '../../i18n/ru/knowledge';

/** The texts of the knowledge base, which come with its page. */
export const useWords = makePart({ ru: knowledge, english: async () => (await import('../../i18n/en/knowledge')).knowledge });

export type T = ReturnType<typeof useWords>['t'];
