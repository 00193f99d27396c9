import { agentsInRussian } from '../../i18n/agentSentences';
import { useTold } from '../../kit/told';

/** What the server says of agents and hours, in the language of the person, as a sentence. */
export const useSaid = () => useTold(agentsInRussian);
