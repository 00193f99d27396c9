import type { Entry } from './outbox';
import { stream, type Answer, type Attachment, type Bubble, type Content, type FromServer } from './wire';

/** Line is one message as the visitor sees it. */
export interface Line {
  id: string;
  place: number;
  from: Bubble['from'];
  name: string;
  content: Content;
  at: number;
  /** read: an operator has seen it. Of the visitor's own alone. */
  read: boolean;
  letter?: boolean;
}

export interface Talk {
  id: string;
  /** place is the last position that was seen. */
  place: number;
  phase: string;
  rated: boolean;
  lines: Line[];
}

/** Chat is every conversation that is known, the oldest first. */
export type Chat = readonly Talk[];

/**
 * fold takes one frame into the chat. A frame that was seen before changes
 * nothing, so whatever is resent after a lost connection appears once.
 * said finds the message that an answer stands for.
 */
export function fold(chat: Chat, frame: FromServer, said: (frame: string) => Entry | undefined): Chat {
  const { bubble, progress, mark, file, answer, reset } = frame;
  if (bubble) return at(chat, bubble.conversation_id, bubble.version, (t) => add(t, line(bubble)));
  if (progress) return at(chat, progress.conversation_id, progress.version, (t) => advance(t, progress.phase));
  if (mark) return at(chat, mark.conversation_id, mark.version, (t) => read(t, mark.message_id));
  if (file) return at(chat, file.conversation_id, file.version, (t) => attach(t, file.message_id, file.attachment));
  if (reset) return chat.filter((t) => stream + t.id !== reset.stream);
  // An answer with a time stands for the message's bubble, which does not come on this socket.
  if (answer?.at && answer.stream && answer.version && !answer.kind) return stands(chat, answer, said);
  return chat;
}

function stands(chat: Chat, answer: Answer, said: (frame: string) => Entry | undefined): Chat {
  const entry = said(answer.id ?? '');
  if (!entry) return chat;
  const { stream: of = '', version = '', at: when } = answer;
  const b: Bubble = { conversation_id: of.slice(stream.length), version, message_id: entry.id, from: 'customer', content: entry.content, at: when };
  return fold(chat, { bubble: b }, said);
}

function line(b: Bubble): Line {
  return {
    id: b.message_id, place: Number(b.version), from: b.from, name: b.name ?? '', content: b.content ?? {},
    at: Date.parse(b.at ?? ''), read: false, letter: b.letter,
  };
}

/** at changes one conversation, unless the place was passed already. */
function at(chat: Chat, id: string, version: string, change: (t: Talk) => Talk): Chat {
  const place = Number(version);
  const known = chat.find((t) => t.id === id);
  if (known && place <= known.place) return chat;
  const next = { ...change(known ?? { id, place: 0, phase: '', rated: false, lines: [] }), place };
  return known ? chat.map((t) => (t === known ? next : t)) : inOrder([...chat, next]);
}

/** inOrder sorts conversations by their first message. */
export function inOrder(chat: Talk[]): Chat {
  const first = (t: Talk) => t.lines[0]?.at ?? Infinity;
  return chat.sort((a, b) => first(a) - first(b) || 0);
}

function add(t: Talk, l: Line): Talk {
  return t.lines.some((o) => o.id === l.id) ? t : { ...t, lines: [...t.lines, l] };
}

/** advance follows the course of a conversation. A rating is no part of it. */
function advance(t: Talk, phase: string): Talk {
  return phase === 'rated' ? { ...t, rated: true } : { ...t, phase };
}

/** read marks a message and the visitor's own before it as seen by an operator. */
function read(t: Talk, id: string): Talk {
  const last = t.lines.findIndex((l) => l.id === id);
  const lines = t.lines.map((l, i) => (i <= last && l.from === 'customer' && !l.read ? { ...l, read: true } : l));
  return { ...t, lines };
}

/** attach puts a file to the message that was shown without it. */
function attach(t: Talk, message: string, a?: Attachment): Talk {
  if (!a) return t;
  const put = (l: Line): Line => {
    const files = l.content.attachments ?? [];
    const known = files.some((f) => f.attachment_id === a.attachment_id);
    const attachments = known ? files.map((f) => (f.attachment_id === a.attachment_id ? a : f)) : [...files, a];
    return { ...l, content: { ...l.content, attachments } };
  };
  return { ...t, lines: t.lines.map((l) => (l.id === message ? put(l) : l)) };
}

/** before names the conversation before another one; they are numbered. */
export function before(id: string): string | undefined {
  const dot = id.lastIndexOf('.');
  const n = Number(id.slice(dot + 1));
  return dot > 0 && Number.isInteger(n) && n > 1 ? id.slice(0, dot + 1) + (n - 1) : undefined;
}
