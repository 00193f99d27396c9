import { backoff } from './backoff';
import type { Connection } from './model';
import { Problem } from './problem';
import type { Command, FromServer, Held, Readers } from './wire';
import { decode, encode, subprotocol } from './wire';

/** What the line needs to know, and whom it tells. */
export interface LineOptions {
  connect: () => WebSocket;
  /** What is held already, for the greeting. */
  held: () => Held[];
  /** What reads frames that only this line brings. */
  readers?: Readers;
  /** A frame that is no answer. */
  take: (frame: FromServer) => void;
  changed: (state: Connection) => void;
  /** The server said why it closes the line. */
  bye: (reason: string) => void;
  /** Whether somebody is still signed in: asked when no socket can be had. */
  signedIn: () => Promise<boolean>;
}

export interface Asking {
  /** How long the answer may take, over lost lines and new ones. */
  patience?: number;
  /** The act takes the conversation away, so a refusal of the second try means that the first one did. */
  ends?: boolean;
}

interface Question extends Asking {
  command: Command;
  tries: number;
  resolve: () => void;
  reject: (problem: Problem) => void;
  timer?: ReturnType<typeof setTimeout>;
}

const patience = 15_000;
/** A line on which nothing was heard for so long is asked whether it lives, and has so long to answer. */
const silence = 25_000;
const lastChance = 10_000;
/** A line that lived so long was a good one: the next failure is the first. */
const good = 5_000;

/** The browser's socket. The cookie says who asks, the origin that it is our page. */
export function openSocket(path = '/desk/v1/socket'): WebSocket {
  return new WebSocket(location.origin.replace(/^http/, 'ws') + path, [subprotocol]);
}

/**
 * Line keeps a socket to the server. When it breaks, it comes back by itself:
 * what was asked and not answered is asked again, in order; the server knows
 * what it has done already.
 */
export class Line {
  private socket: WebSocket | null = null;
  private state: Connection = 'connecting';
  private questions = new Set<Question>();
  private waiting = new Map<number, Question>();
  private lastId = 0;
  private greeting = 0;
  private failures = 0;
  private liveSince = 0;
  private heardAt = 0;
  private probedAt = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private stopped = true;

  constructor(private readonly options: LineOptions) {}

  get isLive(): boolean {
    return this.state === 'live';
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.failures = 0;
    this.become('connecting');
    addEventListener('online', this.nudge);
    addEventListener('offline', this.offline);
    document.addEventListener('visibilitychange', this.nudge);
    this.open();
  }

  /** Ends the line for good, or until start. What was asked is refused. */
  stop(why: Connection): void {
    if (!this.stopped) {
      this.stopped = true;
      removeEventListener('online', this.nudge);
      removeEventListener('offline', this.offline);
      document.removeEventListener('visibilitychange', this.nudge);
      this.part();
    }
    for (const question of this.questions) this.settle(question, new Problem({ kind: 'network' }));
    this.become(why);
  }

  /** Sends a command and resolves when it is committed. */
  ask(command: Command, asking: Asking = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const question: Question = { ...asking, command, tries: 0, resolve, reject };
      if (this.stopped) return reject(new Problem({ kind: 'network' }));
      const most = asking.patience ?? patience;
      if (Number.isFinite(most)) {
        question.timer = setTimeout(() => {
          this.settle(question, new Problem({ kind: this.isLive ? 'timeout' : 'network' }));
        }, most);
      }
      this.questions.add(question);
      if (this.isLive) this.put(question);
    });
  }

  /** Sends a frame that nobody answers for, if it can go now. */
  tell(command: Command): void {
    if (this.isLive) this.socket?.send(encode(++this.lastId, command));
  }

  /** Opens a new socket: what is held does not fit what comes. */
  restart(): void {
    if (this.stopped) return;
    this.part();
    this.lost();
  }

  private become(state: Connection): void {
    if (state === this.state) return;
    this.state = state;
    this.options.changed(state);
  }

  private open(): void {
    clearTimeout(this.again);
    this.again = undefined;
    const socket = this.options.connect();
    this.socket = socket;
    this.heardAt = Date.now();
    let welcomed = false;
    socket.onopen = () => this.greet();
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      welcomed = true;
      this.heardAt = Date.now();
      this.read(decode(String(event.data), this.options.readers));
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.part();
      if (welcomed) this.lost();
      else void this.refused();
    };
    this.pulse = setInterval(() => this.check(), 5000);
  }

  private greet(): void {
    this.lastId = 0;
    this.greeting = ++this.lastId;
    this.socket?.send(encode(this.greeting, { hello: { held: this.options.held() } }));
  }

  private read(frame: FromServer): void {
    if (frame.is === 'answer') this.answered(frame);
    else if (frame.is === 'bye') this.bye(frame.reason);
    else this.options.take(frame);
  }

  private answered(answer: Extract<FromServer, { is: 'answer' }>): void {
    if (answer.id === this.greeting && answer.kind === '') return this.ready();
    const question = this.waiting.get(answer.id);
    if (!question) return;
    this.waiting.delete(answer.id);
    const isDone = answer.kind === '' || (question.ends && question.tries > 1 && answer.kind !== 'busy');
    this.settle(question, isDone ? undefined : refusalOf(answer));
  }

  private ready(): void {
    this.liveSince = Date.now();
    this.become('live');
    for (const question of this.questions) this.put(question);
  }

  private put(question: Question): void {
    const id = ++this.lastId;
    question.tries += 1;
    this.waiting.set(id, question);
    this.socket?.send(encode(id, question.command));
  }

  private settle(question: Question, problem?: Problem): void {
    if (!this.questions.delete(question)) return;
    clearTimeout(question.timer);
    if (problem) question.reject(problem);
    else question.resolve();
  }

  private bye(reason: string): void {
    this.options.bye(reason);
    if (reason === 'signed_out') return this.stop('signedOut');
    if (reason === 'replaced') return this.stop('replaced');
    // too_slow, stopping, fault, rights: the close follows, and we come back.
    this.part();
    this.lost();
  }

  /** Forgets the socket and what hung on it. */
  private part(): void {
    clearTimeout(this.again);
    clearInterval(this.pulse);
    this.again = undefined;
    this.waiting.clear();
    this.greeting = 0;
    this.probedAt = 0;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private lost(): void {
    if (this.liveSince > 0 && Date.now() - this.liveSince >= good) this.failures = 0;
    this.liveSince = 0;
    this.become(this.state === 'connecting' && this.failures === 0 ? 'connecting' : 'lost');
    this.again = setTimeout(() => this.open(), backoff(this.failures++));
  }

  /** No socket came about. Only REST can tell why. */
  private async refused(): Promise<void> {
    this.lost();
    const isSignedIn = await this.options.signedIn().catch(() => true);
    if (!isSignedIn && !this.stopped) this.stop('signedOut');
  }

  /** The network is back, or somebody looks at the page again: no waiting now. */
  private readonly nudge = (): void => {
    if (this.stopped || document.visibilityState === 'hidden') return;
    if (this.again !== undefined) this.open();
    else if (this.isLive) this.probe();
  };

  private readonly offline = (): void => {
    if (!this.stopped && this.socket) this.restart();
  };

  /** A line may be dead without a word: after a silence it is asked for one. */
  private check(): void {
    const now = Date.now();
    if (this.probedAt > 0) {
      if (this.heardAt >= this.probedAt) this.probedAt = 0;
      else if (now - this.probedAt >= lastChance) this.restart();
    } else if (now - this.heardAt >= silence) {
      if (this.isLive) this.probe();
      else this.restart();
    }
  }

  /** A mark on no conversation changes nothing, and is answered. */
  private probe(): void {
    if (this.probedAt > 0) return;
    this.probedAt = Date.now();
    this.tell({ seen: {} });
  }
}

const statuses: Record<string, number> = { invalid: 422, denied: 403, not_found: 404, conflict: 409, busy: 503 };

function refusalOf(answer: { kind: string; text: string; field: string }): Problem {
  return new Problem({ status: statuses[answer.kind] ?? 500, kind: answer.kind, field: answer.field, detail: answer.text });
}
