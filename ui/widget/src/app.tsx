import { Component } from 'preact';
import type { Chat } from './chat';
import { textIn, type Text } from './i18n';
import { Icon } from './icons';
import { Panel } from './panel';
import { note } from './quiet';
import type { In } from './world';

/** App draws the whole widget again at every change; only what differs touches the page. */
export class App extends Component<{ chat: Chat }, { torn: boolean }> {
  private launcher?: HTMLButtonElement;
  private opener: HTMLElement | null = null;
  /** an open chat that a reload brings back leaves the focus where it is. */
  private quiet = this.props.chat.store.now.open;
  private open = this.quiet;
  private text?: Text;

  override componentDidMount(): void {
    this.props.chat.store.hear(() => this.forceUpdate());
  }

  /** What goes wrong while something is drawn stays here: the page never hears of it. */
  override componentDidCatch(e: unknown): void {
    note(e);
    this.setState({ torn: true });
  }

  /** Who opened the chat gets the focus back; by now the launcher is there again. */
  override componentDidUpdate(): void {
    const { open } = this.props.chat.store.now;
    if (this.open && !open) {
      const from = this.opener;
      (from?.isConnected && !from.shadowRoot && from !== document.body ? from : this.launcher)?.focus();
    }
    this.open = open;
    if (!open) this.quiet = false;
  }

  render() {
    const { chat } = this.props;
    const { now, config } = chat.store;
    if (this.state.torn) return null;
    if (now.open && !this.open) this.opener = document.activeElement as HTMLElement | null;
    if (this.text?.locale !== now.language) this.text = textIn(now.language, config.texts[now.language]);
    const w = { chat, now, t: this.text };
    return (
      <div class={`root ${config.style} ${config.position}`} lang={now.language}>
        {now.open ? <Panel w={w} quiet={this.quiet} /> : <Launcher w={w} to={(e) => (this.launcher = e ?? undefined)} />}
      </div>
    );
  }
}

function Launcher({ w: { chat, now, t }, to }: In<{ to: (e: HTMLButtonElement | null) => void }>) {
  const label = t('launcher');
  const news = now.unread > 0 ? t('unread', now.unread) : '';
  return (
    <>
      <button ref={to} type="button" class={'launcher' + (label ? ' wide' : '')} part="launcher" aria-expanded="false" aria-haspopup="dialog"
        aria-label={(label || t('open')) + (news && ', ' + news)} onClick={() => chat.open()}>
        <Icon is="chat" size={label ? 20 : 26} />
        {label}
        {news && <span class="badge" part="badge" aria-hidden="true">{now.unread > 99 ? '99+' : now.unread}</span>}
      </button>
      <span class="unseen" role="status">{news}</span>
    </>
  );
}
