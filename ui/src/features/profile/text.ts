import { makePart } from '../../i18n/part';
import { profile } from '../../i18n/ru/profile';

/** The texts of the profile, which come with its page. */
export const useWords = makePart({ ru: profile, english: async () => (await import('../../i18n/en/profile')).profile });
