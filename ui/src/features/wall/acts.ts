import { createContext, useContext } from 'react';
import type { WallConversation, WallOperator } from '../../sync/wall';

/** What is asked about before it is done. */
export type Asked =
  | { act: 'offline'; operator: WallOperator }
  | { act: 'assign' | 'priority'; conversation: WallConversation }
  | { act: 'discard'; failureId: string };

export interface Acts {
  ask: (asked: Asked) => void;
  take: (conversation: WallConversation) => void;
  putBack: (conversation: WallConversation) => void;
  retry: (failureId: string) => void;
}

const none = () => {};

export const ActsContext = createContext<Acts>({ ask: none, take: none, putBack: none, retry: none });

/** What can be done with a row, for the row itself and for the open conversation. */
export const useActs = () => useContext(ActsContext);
