import { Api, Refused } from './api';
import { backoff } from './backoff';
import type { Config, Place } from './config';
import { Shelf } from './files';
import { before, fold, type Line } from './fold';
import { languageOf } from './i18n';
import { Person } from './identity';
import { Link, type LinkState } from './link';
import { Outbox, type Entry } from './outbox';
import { quietly } from './quiet';
import { Store, theirs, unreadIn, waitingIn } from './state';
import { kept } from './storage';
import type { Button, Content, FromServer } from './wire';

/** Told is what happens that a page may want to know of. */
export type Told = { open: undefined; close: undefined; unread: number; message: { text: string; from: string; at: number } };

const typingShown = 5_000;
const typingTold = 3_000;
/** Another tab's message that is still waiting after so long is sent from here. */
const sweepAfter = 8_000;
const awayAfter = 2_000;

/** Chat is the widget without its looks: what is done, and what becomes of it. */
export class Chat {
  readonly store: Store;
  readonly person = new Person();
  readonly outbox: Outbox;
  readonly shelf: Shelf;
  private readonly disk;
  private readonly tab;
  private readonly link: Link;
  private sent: Entry[] = [];
  private pumping = false;
  private announced: Record<string, number>;
  private typed = 0;
  private readonly timers: Record<string, number> = {};
  private readonly undo: (() => void)[] = [];
  private readonly exhausted = new Set<string>();
  private session?: Promise<void>;

  constructor(
    readonly api: Api,
    config: Config,
    place: Place,
    private readonly tell: <K extends keyof Told>(what: K, value: Told[K]) => void,
  ) {
    const prefix = `crafttalk/${place.account}/`;
    this.disk = kept(() => localStorage, prefix);
    this.tab = kept(() => sessionStorage, prefix);
    this.outbox = new Outbox(this.disk);
    this.shelf = new Shelf(config.files, (f, p, s) => this.bring(f, p, s), () => this.store.set({ uploads: this.shelf.uploads }));
    api.token = this.disk.get('token');
    this.announced = { ...this.seen };
    this.person.form = this.disk.get('form') ?? {};
    const wanted = this.disk.get<string>('language') ?? place.language;
    this.store = new Store(
      {
        open: this.tab.get('open') === true, link: 'idle', away: false, off: false, chat: [],
        pending: waitingIn([], this.outbox.list(), []), typing: false, unread: 0, uploads: [],
        draft: this.disk.get('draft') ?? '', introduced: this.disk.get('introduced') === true,
        language: languageOf(config.languages, wanted, document.documentElement.lang, ...navigator.languages),
        older: 'none', full: false,
      },
      config,
    );
    this.link = new Link(api, {
      held: () => this.held(),
      identity: () => this.person.identity(),
      frame: (f, said) => this.frame(f, said),
      state: (s) => this.linked(s),
      ready: () => quietly(this.pump()),
      renew: () => this.renew(),
    });
    this.listen();
  }

  /** start connects if there is a session already; who only looks costs nothing. */
  start(): void {
    if (this.api.token) this.link.up();
    else if (this.outbox.next()) quietly(this.begin());
  }

  end(): void {
    this.link.end();
    for (const f of this.undo) f();
    for (const t of Object.values(this.timers)) clearTimeout(t);
  }

  // What the visitor does.

  open(): void {
    if (this.store.now.open) return;
    this.tab.set('open', true);
    this.store.set({ open: true });
    this.read();
    this.tell('open', undefined);
  }

  close(): void {
    if (!this.store.now.open) return;
    this.tab.set('open', false);
    this.store.set({ open: false });
    this.tell('close', undefined);
  }

  authenticate(data: unknown): void {
    const id = this.person.authenticate(data);
    const before = this.disk.get('id');
    if (id) this.disk.set('id', id);
    // Somebody else has signed in on this computer: what was said is not theirs to read.
    if (id && before && before !== id) this.forget();
    this.told();
  }

  introduce(form: Record<string, string>): void {
    this.person.form = form;
    this.disk.set('form', form);
    this.disk.set('introduced', true);
    this.store.set({ introduced: true });
    this.told();
  }

  /** told lets the server know who the visitor is, and draws what follows from it. */
  private told(): void {
    const identity = this.person.identity();
    if (identity) this.link.tell({ identify: identity });
    this.store.set({});
  }

  /** forget leaves nothing of the one who wrote before. */
  private forget(): void {
    for (const key of ['token', 'last', 'outbox', 'draft', 'form', 'introduced']) this.disk.set(key, undefined);
    this.api.token = undefined;
    this.sent = [];
    this.store.set({ chat: [], pending: [], draft: '', introduced: false });
    this.link.down(false);
  }

  speak(language: string): void {
    this.disk.set('language', language);
    this.store.set({ language });
  }

  draft(text: string): void {
    this.disk.set('draft', text === '' ? undefined : text);
    this.store.set({ draft: text });
    const last = this.store.now.chat.at(-1);
    if (text === '' || !last || last.phase === 'closed' || Date.now() - this.typed < typingTold) return;
    this.typed = Date.now();
    this.link.tell({ typing: { conversation_id: last.id } });
  }

  /** write puts the draft and the files on their way. It reports false if they have to stay. */
  write(): boolean {
    const text = this.store.now.draft.trim();
    if (this.shelf.busy || this.shelf.uploads.some((u) => u.fault)) return false;
    if (text === '' && this.shelf.uploads.length === 0) return false;
    const attachments = this.shelf.uploads.flatMap((u) => (u.done ? [u.done] : []));
    const content: Content = attachments.length > 0 ? { text, attachments } : { text };
    if (!this.post(content)) return false;
    this.shelf.take();
    this.draft('');
    return true;
  }

  press(b: Button): void {
    this.post({ pressed: { caption: b.caption ?? '', value: b.value ?? '' } });
  }

  again(id: string): void {
    this.outbox.mark(id);
    this.waiting();
    quietly(this.pump());
  }

  discard(id: string): void {
    this.outbox.remove(id);
    this.waiting();
  }

  async rate(conversation: string, rating: number, comment: string): Promise<void> {
    await this.link.rate({ conversation_id: conversation, rating, comment });
    this.store.set({ chat: this.store.now.chat.map((t) => (t.id === conversation ? { ...t, rated: true } : t)) });
  }

  /** older loads the conversation before the first that is shown. */
  async older(): Promise<void> {
    const first = this.store.now.chat[0];
    const id = first && before(first.id);
    if (!id || this.store.now.older !== 'some') return;
    this.store.set({ older: 'loading' });
    try {
      for (let after = 0, more = true; more; ) {
        const page = await this.api.messages(id, after);
        for (const f of page.frames) this.take(f, () => undefined);
        after = Number(page.version);
        more = page.more;
      }
      const loaded = this.store.now.chat.find((t) => t.id === id);
      if (loaded) this.see(id, loaded.place);
      else this.exhausted.add(id);
    } catch (e) {
      if (e instanceof Refused && e.final) this.exhausted.add(id);
      else throw e;
    } finally {
      this.refresh();
    }
  }

  /** read marks what is shown as seen, here and for the operator. */
  read(): void {
    if (!this.store.now.open || document.visibilityState !== 'visible') return;
    for (const t of this.store.now.chat) {
      const last = t.lines.findLast(theirs);
      if (!last || last.place <= (this.seen[t.id] ?? 0)) continue;
      this.see(t.id, last.place);
      this.link.tell({ seen: { conversation_id: t.id, message_id: last.id } });
    }
    this.refresh();
  }

  // What comes of it.

  private post(content: Content): boolean {
    const entry = this.outbox.add(content);
    this.store.set({ full: !entry });
    if (!entry) return false;
    this.waiting();
    quietly(this.begin());
    quietly(this.pump());
    return true;
  }

  /** begin makes sure that there is a session, and a connection. */
  private async begin(): Promise<void> {
    this.session ??= this.join().finally(() => (this.session = undefined));
    await this.session;
    this.link.up();
  }

  private async join(): Promise<void> {
    for (let tries = 0; !this.api.token; tries++) {
      try {
        const { token } = await this.api.session();
        // Another tab may have been quicker: all of them are one visitor.
        this.api.token = this.disk.get<string>('token') ?? token;
        this.disk.set('token', this.api.token);
      } catch (e) {
        if (e instanceof Refused && e.final) {
          this.store.set({ off: true });
          throw e;
        }
        this.linked('waiting');
        await new Promise((done) => (this.timers.join = window.setTimeout(done, backoff(tries))));
      }
    }
  }

  /** renew gets another session: the server does not know ours any more. */
  private async renew(): Promise<void> {
    this.api.token = undefined;
    this.disk.set('token', undefined);
    this.disk.set('last', undefined);
    this.store.set({ chat: [] });
    await this.join();
  }

  private async bring(file: File, progress: (share: number) => void, signal: AbortSignal) {
    await this.begin();
    return this.api.upload(file, progress, signal);
  }

  /** pump sends what waits, one after another and in order. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (let e = this.outbox.next(), tries = 0; e && this.connected; e = this.outbox.next()) {
        try {
          await this.link.say(e);
          this.done(e);
          tries = 0;
        } catch (fault) {
          if (!(fault instanceof Refused) || fault.status === 0) break;
          if (fault.final) this.outbox.mark(e.id, fault.message);
          else await new Promise((done) => (this.timers.busy = window.setTimeout(done, backoff(tries++))));
        }
        this.waiting();
      }
    } finally {
      this.pumping = false;
    }
  }

  private get connected(): boolean {
    return this.link.state === 'ready' || this.link.state === 'polling';
  }

  private done(e: Entry): void {
    this.sent = [...this.sent, e].slice(-20);
    this.outbox.remove(e.id);
    // The server has what the form said; it need not lie in the browser.
    this.disk.set('form', undefined);
  }

  private frame(f: FromServer, said: (frame: string) => Entry | undefined): void {
    if (f.typing) this.typing(true);
    this.take(f, said);
    if (f.bubble?.from === 'operator') this.typing(false);
  }

  private take(f: FromServer, said: (frame: string) => Entry | undefined): void {
    const old = this.store.now.chat;
    const chat = fold(old, f, said);
    if (chat === old) return;
    this.store.set({ chat });
    const last = chat.at(-1);
    if (last) this.disk.set('last', last.id);
    const b = f.bubble;
    if (b && b.from !== 'customer') this.announce(b.conversation_id, Number(b.version), chat.find((t) => t.id === b.conversation_id)?.lines.at(-1));
    this.waiting();
    this.read();
    this.refresh();
  }

  /** announce tells the page of a message once, whatever is resent. */
  private announce(id: string, place: number, l?: Line): void {
    if (!l || place <= (this.announced[id] ?? 0)) return;
    this.announced[id] = place;
    this.tell('message', { text: l.content.text ?? '', from: l.from, at: l.at });
  }

  private typing(on: boolean): void {
    clearTimeout(this.timers.typing);
    if (on) this.timers.typing = window.setTimeout(() => this.store.set({ typing: false }), typingShown);
    if (this.store.now.typing !== on) this.store.set({ typing: on });
  }

  private linked(link: LinkState): void {
    this.store.set({ link });
    if (link === 'ready' || link === 'polling' || link === 'idle') {
      clearTimeout(this.timers.away);
      this.timers.away = 0;
      this.store.set({ away: false });
    } else if (!this.timers.away) {
      this.timers.away = window.setTimeout(() => this.store.set({ away: !this.connected }), awayAfter);
    }
  }

  /** held is what the server need not send again. After a reload it is the last conversation's name alone. */
  private held() {
    const chat = this.store.now.chat.slice(-3);
    const last = this.disk.get<string>('last');
    if (chat.length === 0 && last) return [{ id: last, place: 0, closed: true }];
    return chat.map((t) => ({ id: t.id, place: t.place, closed: t.phase === 'closed' }));
  }

  private get seen(): Record<string, number> {
    return this.disk.get('seen') ?? {};
  }

  private see(id: string, place: number): void {
    const all = Object.entries({ ...this.seen, [id]: place });
    this.disk.set('seen', Object.fromEntries(all.slice(-50)));
  }

  /** waiting shows what waits. What another tab has sent stays until its bubble comes. */
  private waiting(): void {
    const list = this.outbox.list();
    const left = this.store.now.pending.filter((p) => !p.failed && !p.sent && !list.some((e) => e.id === p.id) && !this.sent.some((e) => e.id === p.id));
    if (left.length > 0) this.sent = [...this.sent, ...left].slice(-20);
    this.store.set({ pending: waitingIn(this.store.now.chat, list, this.sent) });
  }

  private refresh(): void {
    const { chat } = this.store.now;
    const id = chat[0] && before(chat[0].id);
    this.store.set({ older: id && !this.exhausted.has(id) ? 'some' : 'none' });
    const unread = unreadIn(chat, this.seen);
    if (unread === this.store.now.unread) return;
    this.store.set({ unread });
    this.tell('unread', unread);
  }

  private listen(): void {
    const on = (target: EventTarget, type: string, f: () => void) => {
      target.addEventListener(type, f);
      this.undo.push(() => target.removeEventListener(type, f));
    };
    on(window, 'online', () => this.link.up());
    on(window, 'offline', () => this.api.token && this.link.down());
    on(document, 'visibilitychange', () => {
      if (document.visibilityState !== 'visible') return;
      this.link.up();
      this.read();
    });
    this.undo.push(this.disk.heard((key) => this.otherTab(key)));
  }

  /** otherTab follows what the visitor does in another tab. */
  private otherTab(key: string): void {
    if (key === 'outbox') {
      this.waiting();
      clearTimeout(this.timers.sweep);
      this.timers.sweep = window.setTimeout(() => quietly(this.pump()), sweepAfter);
    } else if (key === 'seen') {
      this.refresh();
    } else if (key === 'introduced') {
      this.store.set({ introduced: true });
    } else if (key === 'token' && this.disk.get('token') !== this.api.token) {
      this.api.token = this.disk.get('token');
      this.store.set({ chat: [] });
      this.link.down(false);
      this.link.up();
    }
  }
}
