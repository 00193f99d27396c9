import type { Chat } from './chat';
import type { Text } from './i18n';
import type { State } from './state';

/** World is what everything that is drawn knows: the chat, how it stands now, and its words. */
export interface World {
  chat: Chat;
  now: State;
  t: Text;
}

export type In<P = unknown> = P & { w: World };
