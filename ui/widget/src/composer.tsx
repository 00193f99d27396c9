import { Canvas } from './file';
import type { Upload } from './files';
import { Icon } from './icons';
import type { In } from './world';

/** fit makes the field as high as its text. */
function fit(e: HTMLTextAreaElement | null): void {
  if (!e) return;
  e.style.height = '0';
  e.style.height = Math.min(e.scrollHeight + 2, 132) + 'px';
}

/** Composer is where the visitor writes. Enter sends; with Shift it begins a line. */
export function Composer({ w }: In) {
  const { chat, now, t } = w;
  const { files } = chat.store.config;
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.shiftKey || e.altKey || e.isComposing) return;
    if (!e.ctrlKey && !e.metaKey && matchMedia('(pointer: coarse)').matches) return;
    e.preventDefault();
    chat.write();
  };
  const paste = (e: ClipboardEvent) => {
    if (!files.enabled || !e.clipboardData?.files.length) return;
    e.preventDefault();
    chat.shelf.add(e.clipboardData.files);
  };
  const send = (e: Event) => {
    e.preventDefault();
    chat.write();
    (e.currentTarget as HTMLElement).querySelector('textarea')?.focus();
  };
  const empty = now.draft.trim() === '' && now.uploads.length === 0;
  return (
    <form class="composer" part="composer" onSubmit={send}>
      {now.full && <p class="fault" role="alert">{t('full')}</p>}
      <ul class="shelf">{now.uploads.map((u) => <Shelved key={u.id} w={w} upload={u} />)}</ul>
      <div class="row">
        {files.enabled && <Picker w={w} />}
        <textarea ref={(e) => fit(e)} rows={1} maxLength={32000} value={now.draft} placeholder={t('placeholder')} aria-label={t('message')}
          part="field" onInput={(e) => chat.draft(e.currentTarget.value)} onKeyDown={key} onPaste={paste} />
        <button class="send" part="send" aria-label={t('send')} disabled={empty || now.uploads.some((u) => !u.done)}><Icon is="send" /></button>
      </div>
    </form>
  );
}

function Picker({ w: { chat, t } }: In) {
  return (
    <>
      <button type="button" class="plain" aria-label={t('attach')} onClick={(e) => (e.currentTarget.nextSibling as HTMLElement).click()}>
        <Icon is="clip" />
      </button>
      <input type="file" multiple hidden accept={chat.store.config.files.accept.join()} aria-label={t('attach')}
        onChange={(e) => {
          chat.shelf.add(e.currentTarget.files ?? []);
          e.currentTarget.value = '';
        }} />
    </>
  );
}

/** Shelved is a file that goes with the next message. */
function Shelved({ w: { chat, t }, upload: u }: In<{ upload: Upload }>) {
  const per = Math.floor(u.share * 100);
  return (
    <li class={u.fault && 'bad'}>
      {u.file.type.startsWith('image/') && !u.fault ? <Canvas blob={u.file} most={36} /> : <Icon is={u.fault ? 'fault' : 'file'} />}
      <span class="name">
        {u.file.name}
        <span class="faint" role={u.fault && 'alert'}>
          {u.fault ? t(u.fault.key, u.fault.n) : u.done ? t.size(u.file.size) : t('uploading', per)}
        </span>
        {!u.done && !u.fault && <progress max={100} value={per} aria-label={u.file.name} />}
      </span>
      {u.fault?.key === 'notUploaded' && <button type="button" class="plain" aria-label={t('again')} onClick={() => chat.shelf.again(u.id)}><Icon is="again" /></button>}
      <button type="button" class="plain" aria-label={t(u.done || u.fault ? 'detach' : 'cancel')} onClick={() => chat.shelf.remove(u.id)}><Icon is="close" /></button>
    </li>
  );
}
