import { makePart, type PartText } from '../../i18n/part';
import { settings } from '../../i18n/ru/settings';

/** The texts of the settings, which come with their page. */
export const useWords = makePart({ ru: settings, english: async () => (await import('../../i18n/en/settings')).settings });
export type T = PartText<typeof settings>['t'];
