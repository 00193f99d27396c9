import type { Attachment, Connection, Conversation, Desk, Message, Presence, Routing } from './model';

export interface ReplyWish {
  text: string;
  attachments?: Attachment[];
  /** Where to; left out for where the customer wrote last. */
  accountId?: string;
  address?: string;
  /** A hold phrase. */
  phrase?: boolean;
}

/** What has just happened, and was not known before: for sounds and notices. */
export type News =
  | { is: 'assigned'; conversation: Conversation }
  | { is: 'message'; conversation: Conversation; message: Message }
  | { is: 'left'; conversation: Conversation };

const soon = (): never => {
  throw new Error('soon');
};

/** Every act resolves once it is committed and rejects with a Problem. */
export const desk = {
  setPresence: (_presence: Presence): Promise<void> => soon(),
  /** Shows the message at once, sends it when it can, and returns its id. */
  reply: (_conversationId: string, _wish: ReplyWish): string => soon(),
  /** Sends a failed message again. */
  retry: (_conversationId: string, _messageId: string): Promise<void> => soon(),
  /** Forgets a message that has not left this client. */
  discard: (_conversationId: string, _messageId: string): void => soon(),
  note: (_conversationId: string, _text: string): Promise<void> => soon(),
  transfer: (
    _conversationId: string, _to: { operatorId?: string; routing?: Partial<Routing>; note: string },
  ): Promise<void> => soon(),
  close: (_conversationId: string, _about: { topicId: string; dissatisfied?: boolean }): Promise<void> => soon(),
  giveBack: (_conversationId: string): Promise<void> => soon(),
  setTopic: (_conversationId: string, _topicId: string): Promise<void> => soon(),
  cancelHold: (_conversationId: string): Promise<void> => soon(),
  /** Tells that the operator has seen the customer's messages up to this one; best effort. */
  seen: (_conversationId: string, _messageId: string): void => soon(),
  /** Tells that the operator is typing; best effort, not more often than is of use. */
  typing: (_conversationId: string): void => soon(),
};

/** How the line is, since when (server clock), and the way to work here when another tab has taken over. */
export function useConnection(): { state: Connection; since: number; takeOver: () => void } {
  return soon();
}

/** The operator's own state; null before it has come, and for whom is no operator. */
export function useDesk(): Desk | null {
  return soon();
}

/** The conversations that the operator keeps now, in the order they were given. */
export function useConversationIds(): string[] {
  return soon();
}

/** All of them, for counting and sorting. It re-renders with every change of any: not for what is big. */
export function useConversations(): Conversation[] {
  return soon();
}

/** One conversation; it re-renders only with its own changes. One that has just left stays readable for a while. */
export function useConversation(_id: string): Conversation | undefined {
  return soon();
}

/** The customer is typing at this moment. */
export function useTyping(_conversationId: string): boolean {
  return soon();
}

/** The server is newer than this page: «Обновить». */
export function useNewVersion(): boolean {
  return soon();
}

/** Calls the listener with what is new. Returns the way to stop it. */
export function onNews(_listener: (news: News) => void): () => void {
  return soon();
}
