import { makePart, type PartText } from '../../i18n/part';
import { users } from '../../i18n/ru/users';

/** The texts of the users, which come with their page. */
export const useWords = makePart({ ru: users, english: async () => (await import('../../i18n/en/users')).users });
export type T = PartText<typeof users>['t'];
