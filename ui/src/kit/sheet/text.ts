import { makePart } from '../../i18n/part';
import { sheet } from '../../i18n/ru/sheet';

/** The words of forms at the side and of lists of records, which come with the pages that have them. */
export const useWords = makePart({ ru: sheet, english: async () => (await import('../../i18n/en/sheet')).sheet });
