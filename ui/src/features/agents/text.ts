import { makePart, type PartText } from '../../i18n/part';
import { agents } from '../../i18n/ru/agents';

/** The texts of the agents, which come with their page. */
export const useWords = makePart({ ru: agents, english: async () => (await import('../../i18n/en/agents')).agents });
export type T = PartText<typeof agents>['t'];
