/** Files that the server does not give out: one with a virus, and one that nobody can look at now. */
import { heldBack } from '../../i18n/ru/heldBack';
import { makePart } from '../../i18n/part';

export const useWords = makePart({ ru: heldBack, english: async () => (await import('../../i18n/en/heldBack')).heldBack });

/** What was found, which ends the server's sentence. */
export const virusOf = (detail = '') => detail.slice(detail.lastIndexOf(': ') + 1).trim();
