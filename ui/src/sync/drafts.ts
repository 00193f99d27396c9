import type { Attachment } from './model';

export interface Draft {
  text: string;
  attachments: Attachment[];
}

/** The draft of a conversation in one channel, and the way to change it. */
export function useDraft(_conversationId: string, _accountId: string): [Draft, (draft: Draft) => void] {
  throw new Error('soon');
}

/** The text of the conversation's latest draft in any channel, for its row. */
export function useDraftText(_conversationId: string): string {
  throw new Error('soon');
}
