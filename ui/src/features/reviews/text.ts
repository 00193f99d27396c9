import { makePart } from '../../i18n/part';
import { reviews } from '../../i18n/ru/reviews';

/** The texts of «Разметка», which come with its page. */
export const useWords = makePart({ ru: reviews, english: async () => (await import('../../i18n/en/reviews')).reviews });
