import { Refused, type Api } from './api';
import { backoff } from './backoff';
import type { Entry } from './outbox';
import { stream, type Answer, type FromServer, type Identity, type Rating, type ToServer } from './wire';

/** idle: nobody has asked for a connection yet. polling: sockets don't get through, requests do. */
export type LinkState = 'idle' | 'connecting' | 'ready' | 'polling' | 'waiting';

/** Ends are what the link needs to know and whom it tells. */
export interface Ends {
  /** held is what the visitor has of the last conversations. */
  held(): { id: string; place: number; closed: boolean }[];
  identity(): Identity | undefined;
  frame(f: FromServer, said: (frame: string) => Entry | undefined): void;
  state(s: LinkState): void;
  /** caught up: everything the server had is here, and the outbox may go. */
  ready(): void;
  /** the token is not good any more; resolves when there is another, rejects if there can't be. */
  renew(): Promise<void>;
}

const patience = 15_000;
const silence = 45_000;
/** After so many sockets in a row that did not open, requests are tried instead. */
const blocked = 2;
const pollEvery = 4_000;
const socketAgain = 90_000;

/** Link keeps the visitor connected: by a socket, and by plain requests where sockets are blocked. */
export class Link {
  private ws?: WebSocket;
  private current: LinkState = 'idle';
  private tries = 0;
  private shut = 0;
  private frames = 0;
  private heard = 0;
  private timer = 0;
  private pulse = 0;
  private over = false;
  private pollingSince = 0;
  private readonly open = new Map<string, { done: (a: Answer) => void; fail: (e: unknown) => void; said?: Entry; timer: number }>();

  constructor(
    private readonly api: Api,
    private readonly ends: Ends,
  ) {}

  get state(): LinkState {
    return this.current;
  }

  /** up connects, if nothing is under way. */
  up(): void {
    if (this.over || !this.api.token) return;
    if (this.current === 'idle') this.connect();
    else if (this.current === 'waiting') this.retry(0);
    else this.probe(20_000);
  }

  /** down breaks the connection: the network is gone, or the identity changes. */
  down(wait = true): void {
    const ws = this.ws;
    this.ws = undefined;
    ws?.close();
    this.lost(wait);
  }

  end(): void {
    this.over = true;
    this.down(false);
    clearTimeout(this.timer);
  }

  /** say sends a message. With a socket the answer comes when the message is on disk; without, the same. */
  async say(entry: Entry): Promise<Answer> {
    const say = { message_id: entry.id, content: entry.content, order: String(entry.order) };
    if (this.current !== 'polling') return this.ask({ say }, entry);
    await this.api.say({ ...say, identify: this.ends.identity() });
    this.poll(0);
    return {};
  }

  async rate(rating: Rating): Promise<void> {
    if (this.current === 'polling') await this.api.rate(rating);
    else await this.ask({ rate: rating });
  }

  /** tell sends what needs no answer, if there is a socket. */
  tell(f: ToServer): void {
    if (this.current !== 'ready') return;
    if ('typing' in f) this.ws?.send(JSON.stringify(f));
    else this.ask(f).catch(() => {});
  }

  /** ask sends a frame and resolves with its answer. */
  private ask(f: ToServer, said?: Entry): Promise<Answer> {
    return new Promise((done, fail) => {
      const ws = this.ws;
      if (!ws || ws.readyState !== WebSocket.OPEN) {
        fail(new Refused(0, ''));
        return;
      }
      const id = String(++this.frames);
      const timer = window.setTimeout(() => this.ws === ws && this.down(), patience);
      this.open.set(id, { done, fail, said, timer });
      ws.send(JSON.stringify({ id, ...f }));
    });
  }

  private set(s: LinkState): void {
    if (this.current === s) return;
    this.current = s;
    this.ends.state(s);
  }

  private connect(): void {
    clearTimeout(this.timer);
    if (this.over || !this.api.token) return;
    this.set('connecting');
    let ws: WebSocket;
    try {
      ws = new WebSocket(this.api.socket, ['crafttalk.v1.json', 'token.' + this.api.token]);
    } catch {
      this.refused();
      return;
    }
    this.ws = ws;
    this.frames = 0;
    const late = window.setTimeout(() => ws.close(), patience);
    ws.onopen = () => {
      clearTimeout(late);
      if (this.ws === ws) void this.greet();
    };
    ws.onmessage = (e) => this.ws === ws && this.take(String(e.data));
    ws.onclose = () => {
      clearTimeout(late);
      if (this.ws !== ws) return;
      this.ws = undefined;
      if (this.current === 'connecting' && this.frames === 0) this.refused();
      else this.lost(true);
    };
  }

  private async greet(): Promise<void> {
    try {
      this.shut = 0;
      const held = this.ends.held().map((h) => ({ stream: stream + h.id, version: String(h.place) }));
      await this.ask({ hello: { held } });
      const identity = this.ends.identity();
      if (identity) await this.ask({ identify: identity }).catch((e: unknown) => this.forgive(e));
      this.tries = 0;
      this.set('ready');
      this.watch();
      this.ends.ready();
    } catch {
      this.down();
    }
  }

  /** forgive lets a refused identity pass: what the page said was wrong, the visitor may write all the same. */
  private forgive(e: unknown): void {
    if (!(e instanceof Refused && e.final)) throw e;
  }

  private take(data: string): void {
    this.heard = Date.now();
    const f = JSON.parse(data) as FromServer;
    const a = f.answer;
    this.ends.frame(f, (id) => this.open.get(id)?.said);
    if (!a) return;
    const waiting = this.open.get(a.id ?? '0');
    if (!waiting) return;
    this.open.delete(a.id ?? '0');
    clearTimeout(waiting.timer);
    if (a.kind) waiting.fail(new Refused(a.kind === 'busy' || a.kind === 'fault' ? 503 : 422, a.text ?? ''));
    else waiting.done(a);
  }

  /** watch asks after a silent connection, which may be dead without anybody saying so. */
  private watch(): void {
    clearInterval(this.pulse);
    this.pulse = window.setInterval(() => document.visibilityState === 'visible' && this.probe(silence), silence);
  }

  private probe(quiet: number): void {
    if (this.current !== 'ready' || Date.now() - this.heard < quiet || this.open.size > 0) return;
    this.ask({ identify: this.ends.identity() ?? { fields: {} } }).catch(() => {});
  }

  /** lost gives up what was under way; it will be asked for again. */
  private lost(again: boolean): void {
    clearInterval(this.pulse);
    for (const w of this.open.values()) {
      clearTimeout(w.timer);
      w.fail(new Refused(0, ''));
    }
    this.open.clear();
    if (!again || this.over) {
      clearTimeout(this.timer);
      this.set('idle');
      return;
    }
    this.set('waiting');
    this.retry(backoff(this.tries++));
  }

  private retry(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.connect(), wait);
  }

  /** refused: the socket did not open. A request tells why, which a browser's socket never does. */
  private async refused(): Promise<void> {
    try {
      await this.read();
      if (++this.shut >= blocked) {
        this.pollingSince = Date.now();
        this.set('polling');
        this.ends.ready();
        this.poll(pollEvery);
        return;
      }
    } catch (e) {
      if (e instanceof Refused && (e.status === 401 || e.status === 403)) {
        await this.ends.renew().catch(() => this.end());
      }
    }
    if (this.current === 'connecting') this.lost(true);
  }

  private poll(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.turn(), wait);
  }

  private async turn(): Promise<void> {
    if (this.current !== 'polling') return;
    if (Date.now() - this.pollingSince > socketAgain) {
      this.shut = blocked - 1;
      this.connect();
      return;
    }
    try {
      await this.read();
      this.tries = 0;
      if (this.current === 'polling') this.ends.ready();
    } catch {
      this.tries++;
    }
    if (this.current === 'polling') this.poll(this.tries > 0 ? backoff(this.tries) + pollEvery : pollEvery);
  }

  /** read asks for what came since: to the last conversation, and to the one that is open. */
  private async read(): Promise<void> {
    const last = this.ends.held().at(-1);
    if (last) await this.pages(last.id, last.place);
    const now = this.ends.held().at(-1);
    if (!now || now.closed) await this.pages('', 0);
  }

  private async pages(conversation: string, after: number): Promise<void> {
    for (let id = conversation, more = true; more; ) {
      const page = await this.api.messages(id, after);
      for (const f of page.frames) this.ends.frame(f, () => undefined);
      more = page.more && page.conversation_id !== '';
      id = page.conversation_id;
      after = Number(page.version);
    }
  }
}
