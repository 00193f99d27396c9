import { Component } from 'preact';
import type { Talk } from './fold';
import { midnight } from './i18n';
import { Said } from './line';
import { quietly } from './quiet';
import { Rating } from './rating';
import { theirs, toRate } from './state';
import type { In } from './world';

/**
 * Thread is everything that was said, with the newest below. The end stays in
 * sight while it is in sight, and what is read stays in place when older
 * messages come above it.
 */
export class Thread extends Component<In, { below: number }> {
  override state = { below: 0 };
  private box?: HTMLElement | null;
  private atEnd = true;
  private height = 0;
  private first = '';
  private count = 0;
  private sizes?: ResizeObserver;

  override componentDidMount(): void {
    this.sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    for (const e of [this.box, ...(this.box?.children ?? [])]) if (e) this.sizes.observe(e);
    this.componentDidUpdate(this.props);
  }

  override componentWillUnmount(): void {
    this.sizes?.disconnect();
  }

  override componentDidUpdate(before: In): void {
    const { chat, pending } = this.props.w.now;
    const first = chat[0]?.id ?? '';
    const count = chat.reduce((n, c) => n + c.lines.filter(theirs).length, 0);
    const e = this.box;
    if (!e) return;
    if (this.first && first !== this.first) e.scrollTop += e.scrollHeight - this.height;
    else if (this.atEnd || pending.length > before.w.now.pending.length) this.toEnd();
    else if (count > this.count) this.setState((s) => ({ below: s.below + count - this.count }));
    Object.assign(this, { height: e.scrollHeight, first, count });
  }

  private readonly toEnd = () => this.box?.scrollTo(0, this.box.scrollHeight);

  private readonly scrolled = (e: { currentTarget: HTMLElement }) => {
    const { scrollHeight, scrollTop, clientHeight } = e.currentTarget;
    this.atEnd = scrollHeight - scrollTop - clientHeight < 48;
    if (this.atEnd && this.state.below) this.setState({ below: 0 });
  };

  render() {
    const { w } = this.props;
    const { chat, now, t } = w;
    const last = now.chat.at(-1);
    const rating = chat.store.config.rating && toRate(now, Date.now());
    const { below } = this.state;
    return (
      <div class="frame">
        <div class="thread" ref={(e) => void (this.box = e)} onScroll={this.scrolled} tabindex={0} role="log" aria-label={t('messages')} part="thread">
          <div>
            {now.older !== 'none' && (
              <p class="note">
                <button type="button" class="text" disabled={now.older === 'loading'} onClick={() => quietly(chat.older())}>
                  {t(now.older === 'loading' ? 'loading' : 'older')}
                </button>
              </p>
            )}
            <p class="greeting">{t('greeting')}</p>
            {now.chat.map((talk) => <TalkView key={talk.id} w={w} talk={talk} last={talk === last && now.pending.length === 0} />)}
            <ol class="lines">
              {now.pending.map((e) => (
                <Said key={e.id} w={w} line={{ ...e, from: 'customer', name: '' }} state={e.failed !== undefined ? 'failed' : e.sent ? 'sent' : 'queued'} />
              ))}
            </ol>
            {last?.phase === 'waiting' && <p class="note">{t('waiting')}</p>}
            {now.typing && <p class="note">{t('typing')}</p>}
            {rating && (last?.rated ? <p class="note">{t('rated')}</p> : <Rating key={rating} w={w} talk={rating} />)}
          </div>
        </div>
        {below > 0 && <button type="button" class="below" onClick={this.toEnd}>↓ {t('below', below)}</button>}
      </div>
    );
  }
}

/** TalkView is one conversation, with a mark where a day begins. */
function TalkView({ w, talk, last }: In<{ talk: Talk; last: boolean }>) {
  const { t } = w;
  const answered = talk.lines.findLastIndex((l) => !theirs(l));
  let day = 0;
  return (
    <>
      <ol class="lines">
        {talk.lines.flatMap((l, i) => {
          const starts = midnight(l.at) !== day;
          day = midnight(l.at);
          const before = talk.lines[i - 1];
          const first = starts || before?.from !== l.from || before.name !== l.name;
          const said = <Said key={l.id} w={w} line={l} first={first} state={theirs(l) ? undefined : l.read ? 'read' : 'sent'} buttons={last && i > answered && talk.phase !== 'closed'} />;
          return starts ? [<li class="day" key={day}>{t.day(l.at)}</li>, said] : said;
        })}
      </ol>
      {talk.phase === 'closed' && <p class="note ended">{t('closed')}</p>}
    </>
  );
}
