/** The frames of the visitor's socket in their JSON form, as far as the widget speaks them. */

export interface Button {
  caption?: string;
  value?: string;
}

export interface Attachment {
  attachment_id?: string;
  name?: string;
  mime?: string;
  size?: string | number;
  blob?: string;
  failure?: string;
}

export interface Content {
  text?: string;
  attachments?: Attachment[];
  buttons?: Button[];
  pressed?: Button;
}

/** Place names a conversation and a position in it. Numbers of 64 bits travel as strings. */
interface Place {
  conversation_id: string;
  version: string;
}

export interface Bubble extends Place {
  message_id: string;
  from: 'customer' | 'operator' | 'agent' | 'system';
  name?: string;
  content?: Content;
  at?: string;
  /** It went or came by e-mail: what it says is in the mailbox. */
  letter?: boolean;
}

export interface Answer {
  id?: string;
  kind?: string;
  text?: string;
  field?: string;
  stream?: string;
  version?: string;
  repeated?: boolean;
  at?: string;
}

export interface FromServer {
  welcome?: { now: string; user_id: string; version: string };
  answer?: Answer;
  reset?: { stream: string };
  typing?: { conversation_id: string };
  bubble?: Bubble;
  progress?: Place & { phase: string };
  mark?: Place & { message_id: string };
  file?: Place & { message_id: string; attachment?: Attachment };
  bye?: { reason: string };
}

/** ToServer is a frame without its id, which the socket gives it. */
export type ToServer =
  | { hello: { held: { stream: string; version: string }[] } }
  | { say: Say }
  | { seen: { conversation_id: string; message_id: string } }
  | { typing: { conversation_id: string } }
  | { rate: Rating }
  | { identify: Identity };

export interface Say {
  message_id: string;
  content: Content;
  order: string;
  identify?: Identity;
}

export interface Rating {
  conversation_id: string;
  rating: number;
  comment: string;
}

export interface Identity {
  fields: Record<string, string>;
  token?: string;
}

export const stream = 'conversation/';
