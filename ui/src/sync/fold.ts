import type { Conversation } from './model';
import type { Entry } from './wire';

export function blank(_id: string): Conversation {
  throw new Error('soon');
}

export function apply(_before: Conversation, _entry: Entry): Conversation {
  throw new Error('soon');
}
