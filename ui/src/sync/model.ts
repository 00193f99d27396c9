/**
 * What the workspace knows, as plain data. A conversation is a fold of the
 * server's own events; see fold.ts. Times are milliseconds since 1970 by the
 * server's clock.
 */

export type Presence = 'ONLINE' | 'OFFLINE' | 'INVISIBLE' | 'LUNCH' | 'TRAINING';

export interface Attachment {
  id: string;
  name: string;
  mime: string;
  size: number;
  /** SHA-256 of the bytes; empty until the file is here. */
  blob: string;
  /** Why it never will be here. */
  failure: string;
}

export interface Button {
  caption: string;
  value: string;
}

export type Ask = 'ASK_PHONE' | 'ASK_LOCATION';

export interface Content {
  text: string;
  attachments: Attachment[];
  buttons: Button[];
  location?: { latitude: number; longitude: number };
  contact?: { name: string; phone: string };
  /** What we ask the customer for by a button of the messenger. */
  ask?: Ask;
  /** The customer pressed this button instead of writing. */
  pressed?: Button;
}

/** How far a message of ours has come. Only what this client still sends is queued. */
export type SendState = 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';

export type Author = 'customer' | 'operator' | 'agent' | 'system';

export interface Message {
  id: string;
  from: Author;
  operatorId: string;
  /** The automatic agent that wrote it. */
  agentId?: string;
  /** The article of the knowledge base that says so. */
  articleId?: string;
  accountId: string;
  address: string;
  content: Content;
  at: number;
  /** REPLY, HOLD_REPLY, AUTO_HOLD, REMINDER, SILENCE_MESSAGE, DETACH_NOTICE, CLOSE_NOTICE, JOIN_NOTICE, PHONE_REQUEST, AGENT_ANSWER, SLOT_QUESTION; empty for the customer's. */
  purpose: string;
  /** Of our messages; empty for the customer's. */
  state: SendState | '';
  /** Why it failed or is uncertain. */
  reason: string;
  /** It came after a later one. */
  late: boolean;
  /** When the customer wrote it, where that was well before it came. */
  writtenAt?: number;
  /** A machine of the customer's wrote it, who is away. */
  automatic?: boolean;
  /** The customer has changed it, and the content is what it says now; or has taken it back, and it is what it said. */
  changed?: 'edited' | 'removed';
}

/** A word among operators: their notes, and the note of a transfer. */
export interface Note {
  id: string;
  operatorId: string;
  text: string;
  at: number;
  transfer: boolean;
}

/** Something that happened, shown as a line between the messages. */
export interface Happening {
  kind: 'opened' | 'queued' | 'assigned' | 'detached' | 'agent' | 'agentFailed' | 'timedOut' | 'topic' | 'rated' | 'closed' | 'joined' | 'called' | 'survey';
  at: number;
  operatorId: string;
  /** CAUSE of the queueing, topic id, rating, why a call was not placed, why an agent failed, BEGUN or the outcome of a survey: by kind. */
  detail: string;
  /** The title of the survey. */
  title?: string;
  /** Where it waits. */
  lineId?: string;
}

/** A survey under way: an article that asks the customer slot after slot. */
export interface Survey {
  id: string;
  articleId: string;
  title: string;
  slots: { id: string; name: string }[];
  /** The slot that is asked for now; empty before the first. */
  asked: string;
  /** Slots that are known. */
  filled: string[];
}

/** Something known of the customer: a slot that was filled, by survey or by an agent. */
export interface Known {
  class: string;
  /** What people call the slot. */
  name: string;
  /** What people read for its value. */
  value: string;
}

export type Item =
  | { is: 'message'; key: string; at: number; message: Message }
  | { is: 'note'; key: string; at: number; note: Note }
  | { is: 'happening'; key: string; at: number; happening: Happening };

export interface Routing {
  lineId: string;
  language: string;
  skills: string[];
  priority: number;
}

export interface Hold {
  kind: 'operator' | 'customer';
  due: number;
  text: string;
}

export interface Conversation {
  id: string;
  /** How many events are folded in. */
  version: number;
  customerId: string;
  customerName: string;
  accountId: string;
  /** Of the channel: widget, telegram … */
  kind: string;
  centerId: string;
  openedAt: number;
  openedBy: string;
  closedAt: number;
  phase: 'automatic' | 'waiting' | 'served' | 'closed';
  operatorId: string;
  /** Since when the present operator keeps it. */
  assignedAt: number;
  routing: Routing;
  topicId: string;
  /** The number of its ticket in the help desk. */
  ticket: string;
  rating: number;
  ratingComment: string;
  test: boolean;
  hold: Hold | null;
  survey: Survey | null;
  /** What surveys and agents have learnt, the latest value of each. */
  known: Known[];
  /** Of the operator, in milliseconds; 0 is never. */
  responseTimeout: number;
  /** The customer's messages after our last answer. */
  unanswered: number;
  /** When the first of those came; 0 if there is none. */
  waitingSince: number;
  /** Where the customer wrote last. */
  lastAccountId: string;
  lastAddress: string;
  /** When its words were removed, as their time was over. */
  forgottenAt?: number;
  /** Messages, notes and happenings in the order they are shown in. */
  items: Item[];
}

/** The operator's own state. */
export interface Desk {
  operatorId: string;
  presence: Presence;
  since: number;
  capacity: number;
  conversations: string[];
}

export type Connection = 'connecting' | 'live' | 'lost' | 'replaced' | 'signedOut';
