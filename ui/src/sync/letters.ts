/** Letters to customers, from the tab «Тикет». It is loaded with the tab. */
import { post } from './rest';

export interface Letter {
  address: string;
  text: string;
  /** The e-mail channel, if there are several. */
  accountId?: string;
  /** The same again is the same letter. */
  messageId: string;
}

/** It is a message of the conversation, which tells what becomes of it. */
export async function sendLetter(conversationId: string, { address, text, accountId, messageId }: Letter): Promise<void> {
  await post(`/api/v1/conversations/${encodeURIComponent(conversationId)}/mail`, { address, text, account_id: accountId, message_id: messageId });
}
