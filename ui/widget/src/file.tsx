import { Component } from 'preact';
import { Icon } from './icons';
import { quietly } from './quiet';
import type { Attachment } from './wire';
import type { In } from './world';

const shown = /^image\/(png|jpeg|gif|webp)$/;

/**
 * hand gives a file to the browser: to keep under a name, or to show in a tab. It
 * comes with the visitor's own right to it, not by an open address.
 */
function hand(blob: Blob, name?: string): void {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(blob);
  if (name) a.download = name;
  else a.target = '_blank';
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}

/** FileView is a file of a message: a picture as such, anything else by its name. */
export function FileView({ w, file }: In<{ file: Attachment }>) {
  const { chat, t } = w;
  const name = file.name || t('file');
  if (!file.blob) return <p class="file lost"><Icon is="fault" /> {name}: {t('lost')}</p>;
  if (shown.test(file.mime ?? '')) return <Picture w={w} file={file} />;
  const get = () => quietly(chat.api.file(file).then((b) => hand(b, name)));
  return (
    <button type="button" class="file" onClick={get}>
      <Icon is="file" />
      <span class="unseen">{t('save')}</span>
      <span class="name">{name}</span>
      {t.size(Number(file.size ?? 0))}
    </button>
  );
}

/** Picture shows an image, and in a tab of its own when it is pressed. */
class Picture extends Component<In<{ file: Attachment }>, { blob?: Blob }> {
  override componentDidMount(): void {
    quietly(this.props.w.chat.api.file(this.props.file).then((blob) => this.setState({ blob })));
  }

  render() {
    const { w: { t }, file } = this.props;
    const { blob } = this.state;
    return (
      <button type="button" class="picture" disabled={!blob} onClick={() => blob && hand(blob)} aria-label={t('image', file.name)}>
        {blob ? <Canvas blob={blob} most={240} /> : <Icon is="file" />}
      </button>
    );
  }
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
