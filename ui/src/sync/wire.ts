import type { Ask, Attachment, Button, Content, Presence, Routing } from './model';
import type { WallNews } from './wallframe';

/*
 * The frames of the subprotocol crafttalk.v1.json, as the server writes them:
 * protobuf's JSON with the names of the .proto. What is zero is left out, long
 * integers are strings, times are RFC 3339, enums are names. Everything is read
 * here, at the edge; nobody else sees this form.
 */

export const subprotocol = 'crafttalk.v1.json';

/** A JSON object that nobody vouches for. */
export type Told = Record<string, unknown>;

/** A fact of a stream, in the place it has there. */
export interface Entry {
  stream: string;
  version: number;
  fact: Fact;
}

/** A fact by its name in the envelope, such as message_received. */
export interface Fact {
  name: string;
  /** When it happened; 0 if it does not say. */
  at: number;
  value: Told;
}

/** A frame from the server. */
export type FromServer =
  | { is: 'welcome'; now: number; userId: string; version: string }
  | { is: 'answer'; id: number; kind: string; text: string; field: string; repeated: boolean }
  | { is: 'entry'; entry: Entry }
  | { is: 'desk'; operatorId: string; presence: Presence; since: number; capacity: number; conversations: string[]; version: number }
  | { is: 'reset'; stream: string }
  | { is: 'gone'; stream: string }
  | { is: 'typing'; conversationId: string; who: string }
  | { is: 'bye'; reason: string }
  | ({ is: 'wall' } & WallNews)
  | { is: 'unknown' };

export interface Held {
  stream: string;
  version: number;
}

/** What a frame asks for; the socket gives it its id. */
export type Command =
  | { hello: { held: Held[] } }
  | { set_presence: { presence: Presence } }
  | { reply: { conversation_id: string; message_id: string; content: Told; account_id?: string; address?: string; phrase?: boolean; choice?: Told } }
  | { present: { conversation_id: string; survey_id: string; article_id: string; answer_id?: string; choice?: Told } }
  | { cancel_survey: { conversation_id: string; survey_id: string } }
  | { reject: { conversation_id: string; about: string; article_id: string } }
  | { note: { conversation_id: string; note_id: string; text: string } }
  | { transfer: { conversation_id: string; transfer_id: string; operator_id?: string; routing?: Told; note: string } }
  | { close: { conversation_id: string; topic_id?: string; dissatisfied?: boolean } }
  | { give_back: { conversation_id: string } }
  | { set_topic: { conversation_id: string; topic_id: string } }
  | { cancel_hold: { conversation_id: string } }
  | { seen: { conversation_id?: string; message_id?: string } }
  | { typing: { conversation_id: string } }
  | { watch: { conversation_id: string; version: number } }
  | { unwatch: { conversation_id: string } }
  | { retry: { conversation_id: string; message_id: string } };

export function encode(id: number, command: Command): string {
  return JSON.stringify({ id, ...command });
}

/** What reads frames, by their names. */
export type Readers = Record<string, (told: Told) => FromServer>;

/** Reads a frame. One of a kind that this page does not know is 'unknown'; others may know more kinds. */
export function decode(text: string, more?: Readers): FromServer {
  const frame = object(JSON.parse(text));
  const [name = ''] = Object.keys(frame);
  const read = readers[name] ?? more?.[name];
  return read ? read(object(frame[name])) : { is: 'unknown' };
}

const readers: Readers = {
  welcome: (f) => ({ is: 'welcome', now: time(f.now), userId: words(f.user_id), version: words(f.version) }),
  answer: (f) => ({
    is: 'answer', id: number(f.id), kind: words(f.kind), text: words(f.text), field: words(f.field), repeated: f.repeated === true,
  }),
  entry: (f) => ({ is: 'entry', entry: { stream: words(f.stream), version: number(f.version), fact: factOf(f.fact) } }),
  desk: (f) => ({
    is: 'desk', operatorId: words(f.operator_id), presence: presenceOf(f.presence), since: time(f.since),
    capacity: number(f.capacity), conversations: list(f.conversations, words), version: number(f.version),
  }),
  reset: (f) => ({ is: 'reset', stream: words(f.stream) }),
  gone: (f) => ({ is: 'gone', stream: words(f.stream) }),
  typing: (f) => ({ is: 'typing', conversationId: words(f.conversation_id), who: words(f.who) }),
  bye: (f) => ({ is: 'bye', reason: words(f.reason) }),
};

/** Takes a fact out of its envelope. One that this page does not know has its name all the same. */
export function factOf(told: unknown): Fact {
  const envelope = object(told);
  const [name = ''] = Object.keys(envelope);
  const value = object(envelope[name]);
  return { name, at: time(value.at), value };
}

export function object(told: unknown): Told {
  return told !== null && typeof told === 'object' && !Array.isArray(told) ? (told as Told) : {};
}

export function words(told: unknown): string {
  return typeof told === 'string' ? told : '';
}

/** Numbers up to 2^53, also those that are written as strings. */
export function number(told: unknown): number {
  const read = typeof told === 'string' ? Number(told) : told;
  return typeof read === 'number' && Number.isFinite(read) ? read : 0;
}

/** Milliseconds since 1970; 0 for no time. */
export function time(told: unknown): number {
  return typeof told === 'string' ? Date.parse(told) || 0 : 0;
}

/** A duration such as 300s or 1.500s, in milliseconds. */
export function duration(told: unknown): number {
  const read = /^(-?[0-9.]+)s$/.exec(words(told));
  return read ? Math.round(Number(read[1]) * 1000) : 0;
}

export function list<T>(told: unknown, read: (each: unknown) => T): T[] {
  return Array.isArray(told) ? told.map(read) : [];
}

const presences: ReadonlySet<string> = new Set(['ONLINE', 'OFFLINE', 'INVISIBLE', 'LUNCH', 'TRAINING']);

/** An operator who never chose is not on reception. */
export function presenceOf(told: unknown): Presence {
  return typeof told === 'string' && presences.has(told) ? (told as Presence) : 'OFFLINE';
}

/** Content whose key was destroyed is empty. */
export function contentOf(told: unknown): Content {
  const c = object(told);
  const content: Content = {
    text: words(c.text), attachments: list(c.attachments, attachmentOf), buttons: list(c.buttons, buttonOf),
  };
  if (c.location) {
    const { latitude, longitude } = object(c.location);
    content.location = { latitude: number(latitude), longitude: number(longitude) };
  }
  if (c.contact) {
    const { name, phone } = object(c.contact);
    content.contact = { name: words(name), phone: words(phone) };
  }
  if (isAsk(c.ask)) content.ask = c.ask;
  if (c.pressed) content.pressed = buttonOf(c.pressed);
  return content;
}

export function isAsk(told: unknown): told is Ask {
  return told === 'ASK_PHONE' || told === 'ASK_LOCATION';
}

export function attachmentOf(told: unknown): Attachment {
  const a = object(told);
  return {
    id: words(a.attachment_id), name: words(a.name), mime: words(a.mime), size: number(a.size),
    blob: words(a.blob), failure: words(a.failure),
  };
}

function buttonOf(told: unknown): Button {
  const { caption, value } = object(told);
  return { caption: words(caption), value: words(value) };
}

export function routingOf(told: unknown): Routing {
  const r = object(told);
  return { lineId: words(r.line_id), language: words(r.language), skills: list(r.skills, words), priority: number(r.priority) };
}

/** The way back: what an operator may say in a reply. */
export function writeContent(text: string, attachments: readonly Attachment[], ask?: Ask): Told {
  return { text, attachments: attachments.map(writeAttachment), ask };
}

export function writeAttachment(a: Attachment): Told {
  return { attachment_id: a.id, name: a.name, mime: a.mime, size: String(a.size), blob: a.blob };
}

export function writeRouting(r: Partial<Routing>): Told {
  return { line_id: r.lineId, language: r.language, skills: r.skills, priority: r.priority };
}
