import { Component } from 'preact';
import { Icon } from './icons';
import { quietly } from './quiet';
import type { Attachment } from './wire';
import type { In } from './world';

const shown = /^image\/(png|jpeg|gif|webp)$/;

/** save lets the browser keep a file. It comes with the visitor's own right to it, not by an open address. */
function save(blob: Blob, name: string): void {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}

/** FileView is a file of a message: a picture as such, anything else by its name. */
export function FileView({ w, file }: In<{ file: Attachment }>) {
  const { chat, t } = w;
  const name = file.name || t('file');
  if (!file.blob) return <p class="file lost"><Icon is="fault" /> {name}: {t('lost')}</p>;
  const get = () => quietly(chat.api.file(file).then((b) => save(b, name)));
  if (shown.test(file.mime ?? '')) return <Picture w={w} file={file} name={name} get={get} />;
  return (
    <button type="button" class="file" onClick={get} aria-label={t('download', name)}>
      <Icon is="file" />
      <span class="name">{name}</span>
      {t.size(Number(file.size ?? 0))}
    </button>
  );
}

/** Picture shows an image, and shows it large when it is pressed. */
class Picture extends Component<In<{ file: Attachment; name: string; get: () => void }>, { blob?: Blob; large?: boolean }> {
  override componentDidMount(): void {
    quietly(this.props.w.chat.api.file(this.props.file).then((blob) => this.setState({ blob })));
  }

  render() {
    const { w: { t }, name, get } = this.props;
    const { blob, large } = this.state;
    if (!blob) return <button type="button" class="file" onClick={get}><Icon is="file" /> {name}</button>;
    const toggle = () => this.setState({ large: !large });
    return (
      <>
        <button type="button" class="picture" onClick={toggle} aria-label={t('enlarge', name)} aria-haspopup="dialog"><Canvas blob={blob} most={240} /></button>
        {large && (
          <dialog ref={enlarge} class="lightbox" aria-label={t('image', name)} onClose={toggle} onKeyDown={(e) => e.stopPropagation()}>
            <p class="tools">
              <button type="button" class="text" onClick={get} aria-label={t('download', name)}>{t('save')}</button>
              <button type="button" class="plain" onClick={toggle} aria-label={t('closeImage')}><Icon is="close" /></button>
            </p>
            <Canvas blob={blob} most={1600} />
          </dialog>
        )}
      </>
    );
  }
}

function enlarge(e: HTMLDialogElement | null): void {
  if (e && !e.open) e.showModal();
}

/** Canvas draws an image from its bytes, which no page's policy on images forbids. */
export class Canvas extends Component<{ blob: Blob; most: number }> {
  private canvas?: HTMLCanvasElement | null;

  override componentDidMount(): void {
    const { blob, most } = this.props;
    quietly(
      createImageBitmap(blob).then((image) => {
        const c = this.canvas;
        if (!c) return;
        const scale = Math.min(1, (most * devicePixelRatio) / Math.max(image.width, image.height));
        c.width = Math.max(1, image.width * scale);
        c.height = Math.max(1, image.height * scale);
        c.style.width = c.width / devicePixelRatio + 'px';
        c.getContext('2d')?.drawImage(image, 0, 0, c.width, c.height);
      }),
    );
  }

  override shouldComponentUpdate(): boolean {
    return false; // what is drawn stays
  }

  render() {
    return <canvas ref={(e) => void (this.canvas = e)} aria-hidden="true" width="1" height="1" />;
  }
}
