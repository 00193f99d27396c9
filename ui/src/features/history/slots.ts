import type { ReactNode } from 'react';
import type { Steps } from '../../kit/steps';
import type { Conversation } from '../../sync';

/** What the app puts in: features do not know each other. */
export interface HistorySlots {
  thread: (conversation: Conversation) => ReactNode;
  previous: (conversation: Conversation) => ReactNode;
  customer: (customerId: string) => ReactNode;
  markup: (id: string, step: Steps) => ReactNode;
  sessions: (conversation: Conversation) => ReactNode;
}
