import { makePart } from '../../i18n/part';
import { entry } from '../../i18n/ru/entry';

/** The texts of how others sign in, which come with their parts. */
export const useEntryWords = makePart({ ru: entry, english: async () => (await import('../../i18n/en/entry')).entry });
