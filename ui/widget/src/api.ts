import type { Config, Place } from './config';
import type { Attachment, FromServer, Rating, Say } from './wire';

/** Refused is the server's no. Without a status nobody answered. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    text: string,
    /** field is what of the request it is about, if it is about one. */
    readonly field?: unknown,
  ) {
    super(text);
  }

  /** final: the same again would be refused again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

export interface Page {
  conversation_id: string;
  frames: FromServer[];
  version: string;
  more: boolean;
}

const patience = 15_000;

/** Api is the server without a socket. */
export class Api {
  token?: string;
  private readonly base: string;

  constructor(readonly place: Place) {
    this.base = place.server + '/widget/v1/' + encodeURIComponent(place.account);
  }

  get socket(): string {
    return this.base.replace(/^http/, 'ws') + '/socket';
  }

  config(): Promise<Config> {
    return this.ask('/config');
  }

  session(): Promise<{ token: string; customer_id: string }> {
    return this.ask('/session', { method: 'POST' });
  }

  messages(conversation: string, after: number): Promise<Page> {
    return this.ask(`/messages?conversation=${encodeURIComponent(conversation)}&after=${after}`);
  }

  say(m: Say): Promise<{ conversation_id: string }> {
    return this.ask('/messages', { method: 'POST', body: JSON.stringify(m) });
  }

  rate(r: Rating): Promise<unknown> {
    return this.ask('/rating', { method: 'POST', body: JSON.stringify(r) });
  }

  /** file reads a file of the visitor's conversations. */
  async file(a: Attachment): Promise<Blob> {
    return (await this.fetch(`/files/${a.blob ?? ''}?name=${encodeURIComponent(a.name ?? '')}`)).blob();
  }

  /** upload brings a file in, and tells how far it is. */
  upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const x = new XMLHttpRequest();
      x.open('POST', this.base + '/files?name=' + encodeURIComponent(file.name));
      x.setRequestHeader('Authorization', 'Bearer ' + (this.token ?? ''));
      x.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
      x.onload = () => (x.status === 200 ? resolve(parsed(x.responseText) as Attachment) : reject(refusal(x.status, x.responseText)));
      x.onerror = x.onabort = () => reject(new Refused(0, ''));
      signal.addEventListener('abort', () => x.abort());
      x.send(file);
    });
  }

  private async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await this.fetch(path, init)).json() as Promise<T>;
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.token) headers.Authorization = 'Bearer ' + this.token;
    if (init.body) headers['Content-Type'] = 'application/json';
    let r: Response;
    try {
      r = await fetch(this.base + path, { ...init, headers, credentials: 'omit', signal: AbortSignal.timeout(patience) });
    } catch {
      throw new Refused(0, '');
    }
    if (r.ok) return r;
    throw refusal(r.status, await r.text().catch(() => ''));
  }
}

function refusal(status: number, text: string): Refused {
  const { detail, field } = parsed(text);
  return new Refused(status, detail as string, field);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
