import { serverNow } from './clock';
import type { Disk } from './disk';
import { newId } from './id';
import type { Ask, Attachment, Conversation, Message } from './model';
import { messageItem } from './fold';
import type { Problem } from './problem';
import { problemOf } from './problem';
import type { Command, Told } from './wire';
import { writeContent } from './wire';

export interface ReplyWish {
  text: string;
  attachments?: Attachment[];
  /** Where to; left out for where the customer wrote last. */
  accountId?: string;
  address?: string;
  /** What the customer is asked for along with it. */
  ask?: Ask;
  /** A hold phrase. */
  phrase?: boolean;
  /** The article of the knowledge base that it was made of. */
  choice?: Choice;
}

/** Which article an operator chose as the answer to a message, and from what. The bot learns from it. */
export interface Choice {
  /** The customer's message. */
  about: string;
  articleId: string;
  answerId?: string;
  /** Among the assistant's, from 1; 0 if it was found by search. */
  rank: number;
  probability: number;
  /** The articles that the assistant showed, best first. */
  shown: string[];
  /** The text was changed before it was sent. */
  edited?: boolean;
}

export function writeChoice(c: Choice): Told {
  return {
    about: c.about, article_id: c.articleId, answer_id: c.answerId, rank: c.rank, probability: c.probability, shown: c.shown, edited: c.edited,
  };
}

/** A message that the server has not told back yet. */
export interface Outgoing {
  user: string;
  conversationId: string;
  messageId: string;
  wish: ReplyWish;
  at: number;
  /** Answered messages are committed and wait only to be told back. */
  state: 'queued' | 'failed' | 'answered';
  reason: string;
}

/** How often a message is sent again when the server is busy or broken. */
const tries = 5;

/**
 * Outbox shows a message at once, keeps it on disk until the server has it, and
 * sends it under the same id as often as it takes. Order is kept.
 */
export class Outbox {
  private user = '';
  private messages: Outgoing[] = [];

  constructor(
    private readonly send: (command: Command) => Promise<void>,
    private readonly changed: (conversationId: string) => void,
    private readonly disk: () => Disk,
  ) {}

  /** Takes up what the user wrote before, maybe in another tab. */
  async open(user: string): Promise<void> {
    this.user = user;
    const kept = await this.disk().all<Outgoing>('outbox');
    if (this.user !== user) return;
    const known = new Set(this.messages.map((each) => each.messageId));
    const before = [...kept.values()].filter((each) => each.user === user && !known.has(each.messageId));
    before.sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
    this.messages = [...before, ...this.messages];
    for (const each of before) {
      this.changed(each.conversationId);
      if (each.state === 'queued') void this.carry(each);
    }
  }

  /** Forgets everything here; what is on disk stays for whoever comes next. */
  close(): void {
    this.user = '';
    this.messages = [];
  }

  reply(conversationId: string, wish: ReplyWish): string {
    const last = this.messages.at(-1)?.at ?? 0;
    const message: Outgoing = {
      user: this.user, conversationId, messageId: newId(), wish,
      at: Math.max(serverNow(), last + 1), state: 'queued', reason: '',
    };
    this.messages.push(message);
    this.keep(message);
    void this.carry(message);
    return message.messageId;
  }

  /** Sends a failed message again; false if there is no such one here. */
  retry(messageId: string): boolean {
    const message = this.find(messageId);
    if (message?.state !== 'failed') return false;
    this.set(message, 'queued', '');
    void this.carry(message);
    return true;
  }

  /** Forgets a failed message. */
  discard(messageId: string): void {
    const message = this.find(messageId);
    if (message?.state === 'failed') this.drop(message);
  }

  /** The server has told the message back. */
  settled(messageId: string): void {
    const message = this.find(messageId);
    if (message) this.drop(message);
  }

  /** The conversation as the operator should see it: with what is on its way. */
  shown(conversation: Conversation): Conversation {
    const mine = this.messages.filter((each) => each.conversationId === conversation.id);
    if (mine.length === 0) return conversation;
    const items = mine.map((each) => messageItem(messageOf(each, conversation)));
    const isAnswered = mine.some((each) => each.state !== 'failed' && each.at >= conversation.waitingSince);
    const answered = isAnswered ? { unanswered: 0, waitingSince: 0 } : {};
    return { ...conversation, ...answered, items: [...conversation.items, ...items] };
  }

  private find(messageId: string): Outgoing | undefined {
    return this.messages.find((each) => each.messageId === messageId);
  }

  private async carry(message: Outgoing): Promise<void> {
    for (let attempt = 1; this.find(message.messageId) === message; attempt += 1) {
      try {
        await this.send(commandOf(message));
        return this.done(message);
      } catch (thrown) {
        const problem = problemOf(thrown);
        // The line was closed for good: the message stays on disk for the next tab.
        if (problem.kind === 'network') return;
        if (!mayPass(problem) || attempt === tries) return this.failed(message, problem);
        await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
      }
    }
  }

  private done(message: Outgoing): void {
    if (this.find(message.messageId) !== message) return;
    this.set(message, 'answered', '');
    void this.disk().remove('outbox', message.messageId);
  }

  private failed(message: Outgoing, problem: Problem): void {
    if (this.find(message.messageId) === message) this.set(message, 'failed', problem.detail || problem.kind);
  }

  private set(message: Outgoing, state: Outgoing['state'], reason: string): void {
    message.state = state;
    message.reason = reason;
    this.keep(message);
  }

  private keep(message: Outgoing): void {
    if (message.state !== 'answered') void this.disk().put('outbox', message.messageId, message);
    this.changed(message.conversationId);
  }

  private drop(message: Outgoing): void {
    this.messages = this.messages.filter((each) => each !== message);
    void this.disk().remove('outbox', message.messageId);
    this.changed(message.conversationId);
  }
}

function mayPass(problem: Problem): boolean {
  return problem.kind === 'busy' || problem.kind === 'fault';
}

function commandOf({ conversationId, messageId, wish }: Outgoing): Command {
  return {
    reply: {
      conversation_id: conversationId, message_id: messageId, content: writeContent(wish.text, wish.attachments ?? [], wish.ask),
      account_id: wish.accountId, address: wish.address, phrase: wish.phrase,
      choice: wish.choice && writeChoice(wish.choice),
    },
  };
}

function messageOf({ messageId, wish, user, at, state, reason }: Outgoing, conversation: Conversation): Message {
  return {
    id: messageId, from: 'operator', operatorId: user,
    accountId: wish.accountId || conversation.lastAccountId, address: wish.address || conversation.lastAddress,
    content: { text: wish.text, attachments: wish.attachments ?? [], buttons: [], ask: wish.ask }, at,
    purpose: wish.phrase ? 'HOLD_REPLY' : 'REPLY', state: state === 'answered' ? 'sent' : state, reason, late: false,
  };
}
