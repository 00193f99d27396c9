/** Conversations for tests. */
import type { Conversation, Item, Message } from '../../sync';

export function aConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1', version: 1, customerId: 'k1', customerName: 'Мария Кузнецова', accountId: 'site', kind: 'widget', centerId: 'main',
    openedAt: 1000, openedBy: '', closedAt: 0, phase: 'served', operatorId: 'olga', assignedAt: 1000,
    routing: { lineId: 'help', language: 'ru', skills: [], priority: 0 }, topicId: '', ticket: '', rating: 0, ratingComment: '', test: false,
    hold: null, survey: null, known: [], responseTimeout: 0, unanswered: 0, waitingSince: 0, lastAccountId: 'site', lastAddress: 'v1', items: [], ...change,
  };
}

export function aMessage(id: string, at: number, change: Partial<Message> = {}): Extract<Item, { is: 'message' }> {
  const content = { text: `Текст ${id}`, attachments: [], buttons: [] };
  const message: Message = {
    id, from: 'customer', operatorId: '', accountId: 'site', address: 'v1', content, at, purpose: '', state: '', reason: '', late: false, ...change,
  };
  return { is: 'message', key: `message-${id}`, at, message };
}
