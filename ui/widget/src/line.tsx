import { FileView } from './file';
import type { Line } from './fold';
import { Icon } from './icons';
import { pieces } from './links';
import type { Content } from './wire';
import type { In } from './world';

const signs = { queued: 'clock', sent: 'tick', read: 'ticks', failed: 'fault' } as const;

type Shown = Pick<Line, 'id' | 'from' | 'name' | 'content' | 'at' | 'letter'>;

/**
 * Said is one message. The first of several in a row says who speaks; the
 * visitor's own say how far they are, by a sign and in words.
 */
export function Said({ w, line, first, buttons, state }: In<{ line: Shown; first?: boolean; buttons?: boolean; state?: keyof typeof signs }>) {
  const { t, chat } = w;
  const { from, content, id } = line;
  return (
    <li class={`line ${state ? 'own' : ''} ${state ?? from}`} part={state ? 'message own' : 'message'}>
      <span class={first && !state ? 'who' : 'unseen'}>{state ? t('you') : line.name || t(from as 'operator')}</span>
      <Body w={w} content={line.letter ? { text: t(state ? 'letterCame' : 'letterWent') } : content} />
      <p class="mark">
        {t.time(line.at)}
        {state && <><Icon is={signs[state]} size={14} /><span class={state in { sent: 1, read: 1 } ? 'unseen' : ''}>{t(state)}</span></>}
      </p>
      {state === 'failed' && (
        <p class="mark">
          <button type="button" class="text" onClick={() => chat.again(id)}>{t('again')}</button>
          <button type="button" class="text" onClick={() => chat.discard(id)}>{t('remove')}</button>
        </p>
      )}
      {buttons && (
        <p class="buttons">
          {content.buttons?.map((b) => <button type="button" class="quick" part="button" onClick={() => chat.press(b)}>{b.caption || b.value}</button>)}
        </p>
      )}
    </li>
  );
}

function Body({ w, content }: In<{ content: Content }>) {
  const { pressed } = content;
  const text = pressed ? pressed.caption || pressed.value : content.text;
  return (
    <div class="bubble" part="bubble">
      {text && <p class="text-of">{pieces(text).map((p) => (p.href ? <a href={p.href} target="_blank" rel="noopener noreferrer">{p.text}</a> : p.text))}</p>}
      {content.attachments?.map((f) => <FileView key={f.attachment_id! + f.blob} w={w} file={f} />)}
    </div>
  );
}
