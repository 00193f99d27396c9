import { organisationInRussian } from '../../i18n/organisationSentences';
import { useTold } from '../told';

/** What the server says of the organisation, in the language of the person, as a sentence. */
export const useSaid = () => useTold(organisationInRussian);
