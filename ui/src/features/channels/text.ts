import { makePart } from '../../i18n/part';
import { channels } from '../../i18n/ru/channels';

/** The texts of the channels, which come with their page. */
export const useWords = makePart({ ru: channels, english: async () => (await import('../../i18n/en/channels')).channels });
