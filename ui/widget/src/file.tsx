import { Component } from 'preact';
import type { Refused } from './api';
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

/** faultOf says why a file did not come: the virus check holds it back, or has not seen it; else the line or the server. */
export function faultOf({ field, final }: Partial<Refused>): 'virus' | 'unchecked' | 'notGiven' {
  return !field ? 'notGiven' : final ? 'virus' : 'unchecked';
}

/** FileView is a file of a message: a picture as such, anything else by its name. What holds it back is said in its place. */
export class FileView extends Component<In<{ file: Attachment }>, { blob?: Blob; fault?: 'lost' | ReturnType<typeof faultOf> }> {
  override componentDidMount(): void {
    const { blob, mime } = this.props.file;
    if (!blob) this.setState({ fault: 'lost' });
    else if (shown.test(mime ?? '')) this.get((blob) => this.setState({ blob }));
  }

  private get(then: (blob: Blob) => void): void {
    const { w, file } = this.props;
    w.chat.api.file(file).then(then, (e: Refused) => this.setState({ fault: faultOf(e) }));
  }

  render() {
    const { w: { t }, file } = this.props;
    const { blob, fault } = this.state;
    const name = file.name || t('file');
    if (blob) {
      return <button type="button" class="picture" onClick={() => hand(blob)} aria-label={t('image', file.name)}><Canvas blob={blob} most={240} /></button>;
    }
    return (
      <button type="button" class="file" disabled={fault === 'lost' || fault === 'virus'} onClick={() => this.get((b) => hand(b, name))}>
        <Icon is={fault ? 'fault' : 'file'} />
        <span class="unseen">{t('save')}</span>
        <span><b>{name}</b> {fault ? t(fault) : t.size(Number(file.size))}</span>
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
        c.width = Math.ceil(image.width * scale);
        c.height = Math.ceil(image.height * scale);
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
