import { usersInRussian } from '../../i18n/userSentences';
import { useRefused, useTold } from '../../kit/told';

/** What the server says of users, in the language of the person, as a sentence. */
export const useOurWords = () => useTold(usersInRussian);

/** Why something was refused. */
export const useWhy = () => useRefused(useOurWords(), [403, 404, 409, 422, 428]);
