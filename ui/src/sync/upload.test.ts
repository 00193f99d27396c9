import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileURL, upload } from './upload';

/** A request whose server is the test. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = '';
  url = '';
  body: unknown;
  constructor() {
    FakeRequest.last = this;
  }
  open(_method: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(): void {}
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.onabort?.();
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

describe('upload', () => {
  const file = new File(['xyz'], 'фото & я.png', { type: 'image/png' });
  beforeEach(() => void vi.stubGlobal('XMLHttpRequest', FakeRequest));
  afterEach(() => void vi.unstubAllGlobals());

  it('tells its progress and ends with an attachment', async () => {
    const parts: number[] = [];
    const done = upload('anna.1', file, (part) => parts.push(part));
    const request = FakeRequest.last;
    expect(new URL(request.url, 'http://x').searchParams.get('name')).toBe('фото & я.png');
    expect(request.url).toMatch(/^\/api\/v1\/files\?conversation=anna\.1&/);
    expect(request.body).toBe(file);
    request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
    request.upload.onprogress?.({ lengthComputable: true, loaded: 4, total: 4 });
    request.answer(200, { customer_id: 'anna', blob: 'ab12', name: 'фото & я.png', mime: 'image/png', size: 3 });
    await expect(done).resolves.toMatchObject({ blob: 'ab12', name: 'фото & я.png', mime: 'image/png', size: 3, failure: '' });
    expect(parts).toEqual([0.25, 1]);
  });

  it('says why a file was refused', async () => {
    const done = upload('anna.1', file, () => undefined);
    FakeRequest.last.answer(403, { kind: 'denied', detail: 'this needs the permission send_pics' });
    await expect(done).rejects.toMatchObject({ status: 403, kind: 'denied' });
  });

  it('tells a lost line from a cancelled upload', async () => {
    const lost = upload('anna.1', file, () => undefined);
    FakeRequest.last.onerror?.();
    await expect(lost).rejects.toMatchObject({ kind: 'network' });
    const control = new AbortController();
    const cancelled = upload('anna.1', file, () => undefined, control.signal);
    control.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    await expect(upload('anna.1', file, () => undefined, control.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('keeps the end of a name that is too long', () => {
    void upload('anna.1', new File(['x'], 'ы'.repeat(300) + '.pdf'), () => undefined);
    const name = new URL(FakeRequest.last.url, 'http://x').searchParams.get('name') ?? '';
    expect([name.length, name.endsWith('.pdf')]).toEqual([200, true]);
  });

  it('knows where a file is', () => {
    expect(fileURL('anna/1', 'ab12', 'фото.png')).toBe('/api/v1/files/anna%2F1/ab12?name=%D1%84%D0%BE%D1%82%D0%BE.png');
  });
});
