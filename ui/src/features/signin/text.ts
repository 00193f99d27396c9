import { makePart } from '../../i18n/part';
import { proofs } from '../../i18n/ru/proofs';

/** The texts of second factors, which come with them. */
export const useWords = makePart({ ru: proofs, english: async () => (await import('../../i18n/en/proofs')).proofs });
