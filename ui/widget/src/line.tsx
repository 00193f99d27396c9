import { FileView } from './file';
import type { Line } from './fold';
import { Icon } from './icons';
import { pieces } from './links';
import type { State } from './state';
import type { Content } from './wire';
import type { In } from './world';

/** Said is one message. The first of several in a row says who speaks. */
export function Said({ w, line, first, buttons }: In<{ line: Line; first: boolean; buttons: boolean }>) {
  const { t, chat } = w;
  const own = line.from === 'customer';
  return (
    <li class={'line ' + (own ? 'own' : line.from)} part={own ? 'message own' : 'message'}>
      <span class={first && !own ? 'who' : 'unseen'}>{own ? t('you') : line.name || t(line.from as 'operator')}</span>
      <Body w={w} content={line.content} />
      <p class="mark">
        {t.time(line.at)}
        {own && <State is={line.read ? 'read' : 'sent'} w={w} />}
      </p>
      {buttons && (
        <p class="buttons">
          {line.content.buttons?.map((b) => <button type="button" class="quick" part="button" onClick={() => chat.press(b)}>{b.caption || b.value}</button>)}
        </p>
      )}
    </li>
  );
}

/** Waiting is a message that the server has not taken yet, or that has no place in the chat yet. */
export function Waiting({ w, entry }: In<{ entry: State['pending'][number] }>) {
  const { chat, t } = w;
  const failed = entry.failed !== undefined;
  const state = failed ? 'failed' : entry.sent ? 'sent' : 'queued';
  return (
    <li class={'line own ' + state} part="message own">
      <span class="unseen">{t('you')}</span>
      <Body w={w} content={entry.content} />
      <p class="mark">{t.time(entry.at)}<State is={state} w={w} /></p>
      {failed && (
        <p class="mark">
          <button type="button" class="text" onClick={() => chat.again(entry.id)}>{t('again')}</button>
          <button type="button" class="text" onClick={() => chat.discard(entry.id)}>{t('remove')}</button>
        </p>
      )}
    </li>
  );
}

const signs = { queued: 'clock', sent: 'tick', read: 'ticks', failed: 'fault' } as const;

/** State says how far a message is, by a sign and in words. */
function State({ is, w }: In<{ is: keyof typeof signs }>) {
  const seen = is === 'queued' || is === 'failed';
  return <><Icon is={signs[is]} size={14} /><span class={seen ? undefined : 'unseen'}>{w.t(is)}</span></>;
}

function Body({ w, content }: In<{ content: Content }>) {
  const { pressed } = content;
  const text = pressed ? pressed.caption || pressed.value : content.text;
  return (
    <div class="bubble" part="bubble">
      {text && <p class="text-of">{pieces(text).map((p) => (p.href ? <a href={p.href} target="_blank" rel="noopener noreferrer">{p.text}</a> : p.text))}</p>}
      {content.attachments?.map((f) => <FileView key={f.attachment_id ?? f.blob} w={w} file={f} />)}
    </div>
  );
}
