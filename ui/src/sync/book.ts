import { apply, applyDesk, blank, fit } from './fold';
import type { Conversation, Desk, Message } from './model';
import type { Workspace } from './store';
import type { Entry, FromServer, Held } from './wire';

/** What has just happened, and was not known before: for sounds and notices. */
export type News =
  | { is: 'assigned'; conversation: Conversation }
  | { is: 'message'; conversation: Conversation; message: Message }
  | { is: 'left'; conversation: Conversation };

/** How many conversations that have left stay readable. */
const remembered = 20;
/** How long somebody types after the last sign of it. */
const typingLasts = 6_000;

const conversationStream = 'conversation/';
const operatorStream = 'operator/';

/** Book folds the frames of the desk into conversations and into what the screens see. */
export class Book {
  private readonly folded = new Map<string, Conversation>();
  private readonly left = new Map<string, Conversation>();
  /** What is shown of streams that come again from their first entry. */
  private readonly before = new Map<string, Conversation>();
  private desk: Desk | null = null;
  private deskVersion = 0;
  /** What is to be shown anew now, and what once everything is known. */
  private readonly dirty = new Set<string>();
  private readonly later = new Set<string>();
  private readonly typing = new Map<string, ReturnType<typeof setTimeout>>();
  private news: News[] = [];
  /** Everything is known up to now: what comes next is news. */
  private isLive = false;

  constructor(
    private readonly show: {
      /** With what is on its way. */
      shown: (conversation: Conversation) => Conversation;
      /** The server has told this message of ours back. */
      settled: (messageId: string) => void;
      /** Some time soon publish wants to be called. */
      schedule: () => void;
    },
  ) {}

  /** For the greeting: each stream and how far it is held. */
  held(): Held[] {
    return [...this.folded.values()].map(({ id, version }) => ({ stream: conversationStream + id, version }));
  }

  /** While the book catches up, the screens keep what they have: half a story is none. */
  setLive(isLive: boolean): void {
    this.isLive = isLive;
    if (!isLive) return;
    this.before.clear();
    this.later.forEach((id) => this.dirty.add(id));
    this.later.clear();
    this.show.schedule();
  }

  conversation(id: string): Conversation | undefined {
    return this.before.get(id) ?? this.folded.get(id) ?? this.left.get(id);
  }

  /** Takes a frame; false says that it does not fit what is held, and the line must begin anew. */
  take(frame: FromServer): boolean {
    switch (frame.is) {
      case 'entry':
        return this.entry(frame.entry);
      case 'desk':
        this.begin(frame);
        return true;
      case 'reset':
        this.reload(idOf(frame.stream));
        return true;
      case 'gone':
        this.gone(idOf(frame.stream));
        return true;
      case 'typing':
        if (frame.who === 'customer') this.types(frame.conversationId);
        return true;
      default:
        return true;
    }
  }

  /** Something about the conversation that is not an entry has changed: what is on its way. */
  touch(id: string): void {
    this.dirty.add(id);
    this.show.schedule();
  }

  clear(): void {
    this.folded.clear();
    this.left.clear();
    this.before.clear();
    this.dirty.clear();
    this.later.clear();
    this.typing.forEach((timer) => clearTimeout(timer));
    this.typing.clear();
    this.desk = null;
    this.deskVersion = 0;
    this.news = [];
    this.isLive = false;
  }

  /** What changes on the screens since the last time. */
  publish(before: Workspace): Partial<Workspace> {
    const next: Partial<Workspace> = {};
    if (this.dirty.size > 0) {
      next.conversations = { ...before.conversations };
      for (const id of this.dirty) {
        const known = this.conversation(id);
        if (known) next.conversations[id] = this.show.shown(known);
        else delete next.conversations[id];
      }
      this.dirty.clear();
    }
    if (this.desk !== before.desk) next.desk = this.desk;
    const ids = this.isLive ? this.ids() : before.ids;
    if (ids.length !== before.ids.length || ids.some((id, index) => id !== before.ids[index])) next.ids = ids;
    const types = [...this.typing.keys()];
    if (types.length !== Object.keys(before.typing).length || types.some((id) => !before.typing[id])) {
      next.typing = Object.fromEntries(types.map((id) => [id, true as const]));
    }
    return next;
  }

  /** What is to be told once it is on the screens. */
  takeNews(): News[] {
    const news = this.news;
    this.news = [];
    return news;
  }

  private entry(entry: Entry): boolean {
    if (entry.stream.startsWith(operatorStream)) return this.own(entry);
    const id = idOf(entry.stream);
    const before = this.folded.get(id) ?? blank(id);
    const where = fit(before.version, entry.version);
    if (where === 'known') return true;
    if (where === 'gap') {
      this.reload(id);
      return false;
    }
    const after = apply(before, entry);
    this.folded.set(id, after);
    this.left.delete(id);
    this.notice(entry, before, after);
    if (this.isLive) this.touch(id);
    else this.later.add(id);
    return true;
  }

  /** A fact of the operator's own stream: after the snapshot, one by one. */
  private own(entry: Entry): boolean {
    const where = fit(this.deskVersion, entry.version);
    if (where === 'known') return true;
    if (where === 'gap' || !this.desk) return false;
    this.deskVersion = entry.version;
    this.desk = applyDesk(this.desk, entry.fact);
    this.show.schedule();
    return true;
  }

  private begin(frame: Extract<FromServer, { is: 'desk' }>): void {
    const { operatorId, presence, since, capacity, conversations, version } = frame;
    this.desk = { operatorId, presence, since, capacity, conversations };
    this.deskVersion = version;
    this.show.schedule();
  }

  private notice(entry: Entry, before: Conversation, after: Conversation): void {
    const last = after.items.at(-1);
    if (entry.fact.name === 'message_sent') this.show.settled(String(entry.fact.value.message_id));
    if (entry.fact.name === 'message_received') this.typesNoMore(after.id);
    if (!this.isLive) return;
    if (this.isMine(after) && !this.isMine(before)) this.news.push({ is: 'assigned', conversation: after });
    else if (!this.isMine(after) && this.isMine(before)) this.news.push({ is: 'left', conversation: after });
    else if (entry.fact.name === 'message_received' && this.isMine(after) && last?.is === 'message' && !last.message.automatic) {
      this.news.push({ is: 'message', conversation: after, message: last.message });
    }
  }

  private isMine(conversation: Conversation): boolean {
    return conversation.phase === 'served' && conversation.operatorId === this.desk?.operatorId;
  }

  private ids(): string[] {
    const mine = [...this.folded.values()].filter((each) => this.isMine(each));
    return mine.sort((a, b) => a.assignedAt - b.assignedAt || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  }

  /** The stream comes again from its first entry; the screen keeps what it has until then. */
  private reload(id: string): void {
    const known = this.folded.get(id);
    if (!known) return;
    if (!this.before.has(id)) this.before.set(id, known);
    this.folded.delete(id);
    this.later.add(id);
  }

  private gone(id: string): void {
    const known = this.conversation(id);
    if (!known) return;
    this.folded.delete(id);
    this.before.delete(id);
    this.left.set(id, known);
    this.typesNoMore(id);
    this.touch(id);
    for (const oldest of this.left.keys()) {
      if (this.left.size <= remembered) break;
      this.left.delete(oldest);
      this.touch(oldest);
    }
  }

  private types(id: string): void {
    clearTimeout(this.typing.get(id));
    this.typing.set(id, setTimeout(() => this.typesNoMore(id), typingLasts));
    this.show.schedule();
  }

  private typesNoMore(id: string): void {
    clearTimeout(this.typing.get(id));
    if (this.typing.delete(id)) this.show.schedule();
  }
}

function idOf(stream: string): string {
  return stream.startsWith(conversationStream) ? stream.slice(conversationStream.length) : stream;
}
