import { options, render } from 'preact';
import { Api } from './src/api';
import { App } from './src/app';
import { Chat, type Told } from './src/chat';
import { placeOf, type Config, type Place } from './src/config';
import { guarded, note, quietly } from './src/quiet';
import css from './src/widget.css?inline';

/** Widget is what a page may do with the chat. */
export interface Widget {
  authenticate(data: unknown): Promise<void>;
  open(): void;
  close(): void;
  on<K extends keyof Told>(what: K, then: (value: Told[K]) => void): () => void;
  destroy(): void;
}

declare global {
  interface Window {
    __CraftTalkCallback?: (widget: Widget) => unknown;
    CraftTalk?: Widget;
  }
}

const element = 'crafttalk-widget';
/** A page that takes longer to tell who its visitor is does not keep the chat away. */
const callbackPatience = 3_000;

// The script's own tag is known only while the script runs for the first time.
const script = document.currentScript as HTMLScriptElement | null;

const start = guarded(() => {
  const place = script && placeOf(script);
  if (place && !document.querySelector(element)) quietly(begin(place));
});

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start, { once: true });
else start();

async function begin(place: Place): Promise<void> {
  const host = document.createElement(element);
  const root = host.attachShadow({ mode: 'open' });
  document.documentElement.append(host);
  const api = new Api(place);
  const ears = new Map<string, Set<(value: never) => void>>();
  const config = await api.config().catch((e: unknown) => {
    host.remove();
    throw e;
  });
  const chat = new Chat(api, config, place, (what, value) => {
    for (const ear of ears.get(what) ?? []) guarded(ear as (v: unknown) => void)(value);
  });
  const widget = widgetOf(chat, ears, () => {
    chat.end();
    render(null, root);
    host.remove();
    removeEventListener('click', opened, true);
    delete window.CraftTalk;
  });
  const opened = guarded((e: Event) => {
    if (e.target instanceof Element && e.target.closest('[data-crafttalk-open]')) widget.open();
  });
  addEventListener('click', opened, true);
  window.CraftTalk = widget;
  await introduced(widget);
  dress(root, config, place);
  guardEvents();
  render(<App chat={chat} />, root);
  chat.start();
}

function widgetOf(chat: Chat, ears: Map<string, Set<(value: never) => void>>, destroy: () => void): Widget {
  return {
    authenticate: async (data) => guarded(() => chat.authenticate(data))(),
    open: guarded(() => chat.open()),
    close: guarded(() => chat.close()),
    on: (what, then) => {
      const set = ears.get(what) ?? new Set();
      ears.set(what, set.add(then as (value: never) => void));
      return () => void set.delete(then as (value: never) => void);
    },
    destroy: guarded(destroy),
  };
}

/** introduced lets the page tell who its visitor is, once. */
async function introduced(widget: Widget): Promise<void> {
  if (typeof window.__CraftTalkCallback !== 'function') return;
  try {
    const told = Promise.resolve(window.__CraftTalkCallback(widget)).catch(note);
    await Promise.race([told, new Promise((done) => setTimeout(done, callbackPatience))]);
  } catch (e) {
    note(e);
  }
}

/** dress gives the widget its looks. Sheets that are made here need no leave of the page's policy. */
function dress(root: ShadowRoot, config: Config, place: Place): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const own = new CSSStyleSheet();
  const theme = place.theme ?? config.theme;
  const scheme = theme === 'light' || theme === 'dark' ? theme : 'light dark';
  own.replaceSync(`:host{--ct-accent:${config.accent};--ct-radius:${config.radius}px;color-scheme:${scheme}!important}`);
  root.adoptedStyleSheets = [sheet, own];
}

/** guardEvents puts a guard around every handler that is drawn, so that the page sees no error of ours. */
function guardEvents(): void {
  const before = options.vnode;
  options.vnode = (v) => {
    const props = v.props as Record<string, unknown>;
    if (typeof v.type === 'string')
      for (const name in props) {
        const f = props[name];
        if (name.startsWith('on') && typeof f === 'function') props[name] = guarded(f as (...args: unknown[]) => unknown);
      }
    before?.(v);
  };
}
