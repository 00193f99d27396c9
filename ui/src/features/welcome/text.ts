import { makePart } from '../../i18n/part';
import { welcome } from '../../i18n/ru/welcome';

/** The texts of the first steps, which come with their page. */
export const useWords = makePart({ ru: welcome, english: async () => (await import('../../i18n/en/welcome')).welcome });
export type Word = keyof typeof welcome;
