import type { Config } from './config';
import type { Upload } from './files';
import type { Chat, Line } from './fold';
import type { LinkState } from './link';
import type { Entry } from './outbox';

/** State is all that is shown. */
export interface State {
  open: boolean;
  link: LinkState;
  /** the connection has been away for longer than a moment. */
  away: boolean;
  /** the account is switched off. */
  off: boolean;
  chat: Chat;
  /** what waits to be sent, and what was sent and has no place in the chat yet. */
  pending: readonly (Entry & { sent: boolean })[];
  typing: boolean;
  unread: number;
  uploads: readonly Upload[];
  draft: string;
  introduced: boolean;
  language: string;
  older: 'none' | 'some' | 'loading';
  full: boolean;
}

/** Store holds the state and tells who shows it of every change. */
export class Store {
  private readonly ears = new Set<() => void>();

  constructor(
    public now: State,
    readonly config: Config,
  ) {}

  set(change: Partial<State>): void {
    this.now = { ...this.now, ...change };
    for (const ear of this.ears) ear();
  }

  hear(ear: () => void): void {
    this.ears.add(ear);
  }
}

/** unreadIn counts what others said after the places that were seen. */
export function unreadIn(chat: Chat, seen: Record<string, number>): number {
  return chat.reduce((n, t) => n + t.lines.filter((l) => theirs(l) && l.place > (seen[t.id] ?? 0)).length, 0);
}

export function theirs(l: Line): boolean {
  return l.from !== 'customer';
}

/** waitingIn are the messages that stand below the chat: those that have no place in it. */
export function waitingIn(chat: Chat, outbox: readonly Entry[], sent: readonly Entry[]): State['pending'] {
  const here = new Set(chat.flatMap((t) => t.lines.map((l) => l.id)));
  const queued = new Set(outbox.map((e) => e.id));
  return [
    ...sent.filter((e) => !here.has(e.id) && !queued.has(e.id)).map((e) => ({ ...e, sent: true })),
    ...outbox.filter((e) => !here.has(e.id)).map((e) => ({ ...e, sent: false })),
  ].sort((a, b) => a.order - b.order);
}

/** toRate is the conversation that the visitor may judge now, if there is one. */
export function toRate(s: State, now: number): string | undefined {
  const last = s.chat.at(-1);
  if (!last || last.phase !== 'closed' || s.pending.length > 0) return undefined;
  return now - (last.lines.at(-1)?.at ?? 0) < 864e5 ? last.id : undefined;
}
