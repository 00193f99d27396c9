import { makePart } from '../../i18n/part';
import { audit } from '../../i18n/ru/audit';

/** The texts of the log, which come with its page. */
export const useWords = makePart({ ru: audit, english: async () => (await import('../../i18n/en/audit')).audit });

/** The acts that have names, in the order in which they are offered. */
export const acts = Object.keys(audit).filter((key) => key.startsWith('au.act.') && key !== 'au.act.any').map((key) => key.slice('au.act.'.length));
