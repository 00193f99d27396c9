import { makePart } from '../../../i18n/part';
import { surveys } from '../../../i18n/ru/surveys';

/** The texts of the results, which come with their tab. */
export const useWords = makePart({ ru: surveys, english: async () => (await import('../../../i18n/en/surveys')).surveys });
