import type { Attachment, Conversation, Desk, Happening, Item, Message, Note, SendState } from './model';
import { surveyFacts } from './foldsurvey';
import type { Entry, Fact, Told } from './wire';
import { attachmentOf, contentOf, duration, number, object, presenceOf, routingOf, time, words } from './wire';

/*
 * A conversation is what its facts tell, one after the other. The fold is pure:
 * it copies what it changes, so that a view compares by identity. It follows
 * actors/conversation on the server, above all in what counts as answered.
 */

/** How the version of an entry stands to what is held. */
export type Fit = 'next' | 'known' | 'gap';

export function fit(held: number, version: number): Fit {
  if (version <= held) return 'known';
  return version === held + 1 ? 'next' : 'gap';
}

/** A conversation of which nothing is known yet. */
export function blank(id: string): Conversation {
  return {
    id, version: 0, customerId: '', customerName: '', accountId: '', kind: '', centerId: '',
    openedAt: 0, openedBy: '', closedAt: 0, phase: 'automatic', operatorId: '', assignedAt: 0,
    routing: routingOf(undefined), topicId: '', ticket: '', rating: 0, ratingComment: '', test: false,
    hold: null, survey: null, known: [], responseTimeout: 0, unanswered: 0, waitingSince: 0, lastAccountId: '', lastAddress: '', items: [],
  };
}

/**
 * The conversation after one more entry. One that is known already changes
 * nothing; after a gap nothing can be told, which is an error of the caller.
 */
export function apply(before: Conversation, entry: Entry): Conversation {
  switch (fit(before.version, entry.version)) {
    case 'known':
      return before;
    case 'gap':
      throw new RangeError(`${entry.stream}: version ${entry.version} can't follow ${before.version}`);
    case 'next': {
      const next = { ...before, version: entry.version };
      facts[entry.fact.name]?.(next, entry.fact.value, entry.fact);
      return next;
    }
  }
}

export type Change = (c: Conversation, value: Told, fact: Fact) => void;

/** What each fact does to a copy. A fact that is not here changes nothing that is shown. */
const facts: Record<string, Change> = {
  conversation_opened: opened,
  message_received: received,
  message_edited: (c, v) => change(c, words(v.message_id), (m) => {
    const content = contentOf(v.content);
    return { ...m, content: v.files === true ? content : { ...content, attachments: m.content.attachments }, changed: 'edited' };
  }),
  message_removed: (c, v) => change(c, words(v.message_id), (m) => ({ ...m, changed: 'removed' })),
  message_sent: sent,
  note_added: (c, v, { at }) => {
    add(c, noteItem({ id: words(v.note_id), operatorId: words(v.operator_id), text: words(v.text), at, transfer: false }));
  },
  attachment_fetched: (c, v) => change(c, words(v.message_id), (m) => withFile(m, attachmentOf(v.attachment))),
  message_delivered: (c, v) => fate(c, v, v.arrived === true ? 'delivered' : 'sent', ''),
  message_failed: (c, v) => fate(c, v, 'failed', words(v.reason)),
  message_uncertain: (c, v) => fate(c, v, 'uncertain', words(v.reason)),
  message_retried: (c, v) => change(c, words(v.message_id), (m) => ({ ...m, state: 'sent', reason: '' })),
  customer_saw: (c, v) => saw(c, words(v.message_id)),
  agent_engaged: engaged,
  agent_failed: (c, v, { at }) => happen(c, { kind: 'agentFailed', at, operatorId: '', detail: words(v.reason) }),
  conversation_queued: queued,
  conversation_assigned: assigned,
  customer_detached: (c, v, { at }) => happen(c, { kind: 'detached', at, operatorId: words(v.operator_id), detail: '' }),
  hold_armed: (c, v) => {
    c.hold = { kind: v.kind === 'HOLD_CUSTOMER' ? 'customer' : 'operator', due: time(v.due), text: words(v.text) };
  },
  hold_cancelled: (c) => { c.hold = null; },
  hold_expired: (c) => { c.hold = null; },
  response_timed_out: (c, v, { at }) => happen(c, { kind: 'timedOut', at, operatorId: words(v.operator_id), detail: '' }),
  routing_set: (c, v) => { c.routing = routingOf(v.routing); },
  topic_set: (c, v, { at }) => {
    c.topicId = words(v.topic_id);
    happen(c, { kind: 'topic', at, operatorId: words(v.by), detail: c.topicId });
  },
  ticket_set: (c, v) => { c.ticket = words(v.number); },
  rating_given: (c, v, { at }) => {
    c.rating = number(v.rating);
    c.ratingComment = words(v.comment);
    happen(c, { kind: 'rated', at, operatorId: '', detail: String(c.rating) });
  },
  conversation_joined: (c, v, { at }) => happen(c, { kind: 'joined', at, operatorId: '', detail: words(v.conversation_id) }),
  call_placed: (c, v, { at }) => happen(c, { kind: 'called', at, operatorId: words(v.operator_id), detail: words(v.failure) }),
  customer_changed: (c, v) => { c.customerId = words(v.customer_id); },
  conversation_closed: closed,
  conversation_forgotten: (c, _, { at }) => { c.forgottenAt = at; },
  ...surveyFacts,
};

function opened(c: Conversation, v: Told, { at }: Fact): void {
  Object.assign(c, {
    customerId: words(v.customer_id), customerName: words(v.customer_name),
    accountId: words(v.account_id), kind: words(v.kind), centerId: words(v.center_id), openedAt: at,
    openedBy: words(v.opened_by), test: v.test === true, routing: routingOf(v.routing),
    responseTimeout: duration(object(v.policy).response_timeout),
    lastAccountId: words(v.account_id), lastAddress: words(v.address),
  });
  happen(c, { kind: 'opened', at, operatorId: c.openedBy, detail: '' });
}

/** How long a message may be under way: one that took longer says when it was written. */
const usual = 5 * 60_000;

/** A late message does not move the place that answers go to; what a machine of the customer's wrote asks nothing. */
function received(c: Conversation, v: Told, { at }: Fact): void {
  const message: Message = {
    id: words(v.message_id), from: 'customer', operatorId: '', accountId: words(v.account_id), address: words(v.address),
    content: contentOf(v.content), at, purpose: '', state: '', reason: '', late: v.late === true,
  };
  if (v.automatic === true) message.automatic = true;
  if (v.sent_at && at - time(v.sent_at) > usual) message.writtenAt = time(v.sent_at);
  add(c, messageItem(message));
  if (message.automatic) return;
  c.unanswered += 1;
  if (c.waitingSince === 0) c.waitingSince = at;
  if (!message.late) {
    c.lastAccountId = message.accountId;
    c.lastAddress = message.address;
  }
}

/** Only what an operator wrote answers the customer; the system and the agents speak beside it. */
function sent(c: Conversation, v: Told, { at }: Fact): void {
  const operatorId = words(v.operator_id);
  const message: Message = {
    id: words(v.message_id), from: operatorId ? 'operator' : v.agent_id ? 'agent' : 'system', operatorId,
    accountId: words(v.account_id), address: words(v.address), content: contentOf(v.content), at,
    purpose: words(v.purpose) || 'REPLY', state: 'sent', reason: '', late: false,
  };
  if (v.agent_id) message.agentId = words(v.agent_id);
  if (v.article_id) message.articleId = words(v.article_id);
  add(c, messageItem(message));
  if (operatorId) {
    c.unanswered = 0;
    c.waitingSince = 0;
  }
}

/** The agent "silence" keeps a conversation whose customer was detached: that was told already. */
function engaged(c: Conversation, v: Told, { at }: Fact): void {
  keeper(c, 'automatic');
  const agent = words(v.agent_id);
  if (agent !== 'silence') happen(c, { kind: 'agent', at, operatorId: '', detail: agent });
}

function queued(c: Conversation, v: Told, { at }: Fact): void {
  keeper(c, 'waiting');
  c.routing = routingOf(v.routing);
  const operatorId = words(v.from_operator);
  happen(c, { kind: 'queued', at, operatorId, detail: words(v.cause) || 'CAUSE_UNKNOWN', lineId: c.routing.lineId });
  const text = words(v.note);
  if (text) add(c, noteItem({ id: `transfer-${c.version}`, operatorId, text, at, transfer: true }));
}

function assigned(c: Conversation, v: Told, { at }: Fact): void {
  keeper(c, 'served');
  c.operatorId = words(v.operator_id);
  c.assignedAt = at;
  happen(c, { kind: 'assigned', at, operatorId: c.operatorId, detail: v.forced === true ? 'forced' : '' });
}

function closed(c: Conversation, v: Told, { at }: Fact): void {
  keeper(c, 'closed');
  c.closedAt = at;
  c.topicId = words(v.topic_id) || c.topicId;
  happen(c, { kind: 'closed', at, operatorId: words(v.operator_id), detail: words(v.cause) || 'CAUSE_UNKNOWN' });
}

/** One keeping ends and another begins: the hold timer belongs to a keeping. */
function keeper(c: Conversation, phase: Conversation['phase']): void {
  c.phase = phase;
  c.operatorId = '';
  c.assignedAt = 0;
  c.hold = null;
}

export function messageItem(message: Message): Item {
  return { is: 'message', key: `message-${message.id}`, at: message.at, message };
}

function noteItem(note: Note): Item {
  return { is: 'note', key: `note-${note.id}`, at: note.at, note };
}

export function happen(c: Conversation, happening: Happening): void {
  add(c, { is: 'happening', key: `event-${c.version}`, at: happening.at, happening });
}

function add(c: Conversation, item: Item): void {
  c.items = [...c.items, item];
}

/** Replaces one message; news of a message that is not here are of a joined conversation. */
function change(c: Conversation, id: string, next: (m: Message) => Message): void {
  const index = c.items.findLastIndex((item) => item.is === 'message' && item.message.id === id);
  const item = c.items[index];
  if (item?.is !== 'message') return;
  const message = next(item.message);
  if (message !== item.message) c.items = c.items.with(index, messageItem(message));
}

/** How good the news is. Channels tell in any order; good news is not taken back by older news. */
const rank: Record<SendState, number> = { queued: 0, sent: 1, uncertain: 1, failed: 1, delivered: 2, read: 3 };

function fate(c: Conversation, v: Told, state: SendState, reason: string): void {
  change(c, words(v.message_id), (m) => {
    if (m.state === '' || rank[state] < rank[m.state]) return m;
    return { ...m, state, reason };
  });
}

/** The customer has seen our messages up to this one, those that did arrive. */
function saw(c: Conversation, id: string): void {
  const last = c.items.findLastIndex((item) => item.is === 'message' && item.message.id === id);
  if (last < 0) return;
  c.items = c.items.map((item, index) => {
    if (index > last || item.is !== 'message') return item;
    const { state } = item.message;
    return state === 'sent' || state === 'delivered' ? messageItem({ ...item.message, state: 'read' }) : item;
  });
}

/** A file is put in the place of its promise. */
function withFile(m: Message, file: Attachment): Message {
  const attachments = m.content.attachments.map((a) => (a.id === file.id ? file : a));
  return { ...m, content: { ...m.content, attachments } };
}

/** The operator's own state after one more fact of the operator's stream. */
export function applyDesk(before: Desk, fact: Fact): Desk {
  const v = fact.value;
  switch (fact.name) {
    case 'presence_changed':
      return { ...before, presence: presenceOf(v.presence), since: fact.at };
    case 'operator_configured':
      return { ...before, capacity: number(object(v.standing).capacity) };
    case 'slot_reserved': {
      const id = words(v.conversation_id);
      return before.conversations.includes(id) ? before : { ...before, conversations: [...before.conversations, id] };
    }
    case 'slot_released': {
      const id = words(v.conversation_id);
      return { ...before, conversations: before.conversations.filter((each) => each !== id) };
    }
    default:
      return before;
  }
}
