/** What the parts of the page share: the way to a dialog, and the hand on the composer. */
import { createContext, useContext, type ReactNode } from 'react';
import type { Attachment, Choice, Conversation } from '../../sync';

/** The article that a text comes from; it goes along with the message, so that the bot learns. */
export interface MadeOf {
  choice: Choice;
  attachments: Attachment[];
}

/** What the composer lets others do. */
export interface ComposerHandle {
  insert: (text: string, of?: MadeOf) => void;
  focus: () => void;
  openChannels: () => void;
}

export interface WorkTools {
  /** Puts text at the cursor of the composer; Ctrl+Z takes it back. */
  insertText: (text: string, of?: MadeOf) => void;
  focusComposer: () => void;
  /** Opens a dialog. */
  open: (conversationId: string) => void;
  /** A conversation to read only: for the previous ones. */
  thread: (conversation: Conversation) => ReactNode;
}

export type Slot = (conversation: Conversation, tools: WorkTools) => ReactNode;

/** What the page shows but does not know; the app puts it in. */
export interface WorkSlots {
  search?: (tools: WorkTools) => ReactNode;
  shortForm?: Slot;
  customer?: Slot;
  previous?: Slot;
  ticket?: Slot;
  tabs?: (conversation: Conversation, tabId: string) => ReactNode;
  /** The right panel; folded it shows nothing, and its keys work all the same. */
  side?: (conversationId: string, tools: WorkTools, open: boolean) => ReactNode;
  /** Why the operator of this assignment got it. */
  verdict?: (conversation: Conversation, at: number) => ReactNode;
}

const none = () => {};

export const Tools = createContext<WorkTools>({ insertText: none, focusComposer: none, open: none, thread: () => null });

export function useTools(): WorkTools {
  return useContext(Tools);
}
