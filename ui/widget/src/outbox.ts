import { newId } from './id';
import type { Kept } from './storage';
import type { Content } from './wire';

/** Entry is a message that the server has not confirmed yet. */
export interface Entry {
  id: string;
  /** rises with every message of the visitor, across tabs. */
  order: number;
  content: Content;
  at: number;
  /** why the server will never take it. */
  failed?: string;
}

/** most is how many messages wait at the most. */
export const most = 100;

/**
 * Outbox keeps what was written until the server has it: through reloads, lost
 * connections and closed tabs. All tabs of a site share it. Sending one entry
 * twice does no harm, since the server knows it by its id.
 */
export class Outbox {
  constructor(
    private readonly storage: Kept,
    private readonly now: () => number = Date.now,
  ) {}

  list(): Entry[] {
    const all = this.storage.get<Entry[]>('outbox');
    return Array.isArray(all) ? all : [];
  }

  /** add keeps a message, or returns undefined if too many wait already. */
  add(content: Content): Entry | undefined {
    const all = this.list();
    if (all.length >= most) return undefined;
    const order = Math.max(this.now(), (this.storage.get<number>('order') ?? 0) + 1);
    this.storage.set('order', order);
    const entry: Entry = { id: newId(), order, content, at: this.now() };
    this.storage.set('outbox', [...all, entry]);
    return entry;
  }

  /** next is the oldest message that may be sent. */
  next(): Entry | undefined {
    return this.list().find((e) => e.failed === undefined);
  }

  remove(id: string): void {
    const left = this.list().filter((e) => e.id !== id);
    this.storage.set('outbox', left.length > 0 ? left : undefined);
  }

  /** mark notes why a message was refused; without a reason it may be tried again. */
  mark(id: string, failed?: string): void {
    this.storage.set(
      'outbox',
      this.list().map((e) => (e.id === id ? { ...e, failed } : e)),
    );
  }
}
