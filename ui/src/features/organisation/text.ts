import { makePart } from '../../i18n/part';
import { organisation } from '../../i18n/ru/organisation';

/** The texts of the organisation, which come with their page. */
export const useWords = makePart({ ru: organisation, english: async () => (await import('../../i18n/en/organisation')).organisation });
