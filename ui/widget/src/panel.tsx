import { Component } from 'preact';
import { Composer } from './composer';
import { Icon } from './icons';
import { PreChat } from './prechat';
import { Thread } from './thread';
import type { In } from './world';

/** Panel is the open chat: a dialog beside the page, which goes on living. */
export class Panel extends Component<In<{ quiet: boolean }>, { over: boolean }> {
  private box?: HTMLElement | null;

  override componentDidMount(): void {
    if (this.props.quiet) return;
    // On a phone the keyboard would cover what there is to read.
    const field = matchMedia('(hover: hover)').matches && this.box?.querySelector<HTMLElement>('input:not([hidden]),textarea');
    (field || this.box)?.focus({ preventScroll: true });
  }

  private readonly drag = (e: DragEvent) => {
    const { shelf, store } = this.props.w.chat;
    if (!store.config.files.enabled || !e.dataTransfer?.types.includes('Files')) return;
    e.preventDefault();
    this.setState({ over: e.type === 'dragover' });
    shelf.add(e.dataTransfer.files);
  };

  render() {
    const { w } = this.props;
    const { chat, now, t } = w;
    const fields = now.introduced || now.chat.length > 0 ? [] : chat.person.asked(chat.store.config.prechat);
    return (
      <div ref={(e) => void (this.box = e)} class={'panel' + (this.state.over ? ' over' : '')} part="panel" role="dialog" aria-label={t('title')}
        tabindex={-1} onKeyDown={(e) => e.key === 'Escape' && !e.isComposing && (e.stopPropagation(), chat.close())}
        onDragOver={this.drag} onDragLeave={this.drag} onDrop={this.drag}>
        <Header w={w} />
        <p class="banner" role="status">{now.off ? t('off') : now.away && t('offline')}</p>
        {fields.length > 0 ? <PreChat w={w} fields={fields} /> : <><Thread w={w} /><Composer w={w} /></>}
      </div>
    );
  }
}

function Header({ w: { chat, t } }: In) {
  const { logo, languages } = chat.store.config;
  const other = languages.find((l) => l !== t.locale);
  return (
    <header part="header">
      {logo && <img class="logo" part="logo" src={chat.api.place.server + logo} alt="" />}
      <div class="title">
        <h2>{t('title')}</h2>
        <p>{t('subtitle')}</p>
      </div>
      {other && <button type="button" class="text" lang={other} onClick={() => chat.speak(other)}>{t('language')}</button>}
      <button type="button" class="plain" aria-label={t('close')} onClick={() => chat.close()}><Icon is="down" /></button>
    </header>
  );
}
