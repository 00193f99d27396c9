import { Refused } from './api';
import type { Config } from './config';
import { newId } from './id';
import type { Words } from './i18n';
import type { Attachment } from './wire';

/** Upload is a file on its way into the next message. */
export interface Upload {
  id: string;
  file: File;
  share: number;
  /** what it became, once it is there. */
  done?: Attachment;
  fault?: { key: keyof Words; n?: number };
  stop: AbortController;
}

/** faultOfFile says why a file is not taken, before a byte of it is sent. */
export function faultOfFile(file: { name: string; type: string; size: number }, limits: Config['files']): Upload['fault'] {
  if (file.size === 0) return { key: 'empty' };
  if (file.size > limits.max_size) return { key: 'tooLarge', n: Math.floor(limits.max_size / 1e6) };
  if (limits.accept.length > 0 && !limits.accept.some((a) => accepts(a, file))) return { key: 'wrongKind' };
  return undefined;
}

/** accepts compares as a file picker does: .pdf, image/* or image/png. */
function accepts(rule: string, file: { name: string; type: string }): boolean {
  if (rule.startsWith('.')) return file.name.toLowerCase().endsWith(rule.toLowerCase());
  return rule.endsWith('/*') ? file.type.startsWith(rule.slice(0, -1)) : file.type === rule;
}

/** Shelf holds the files of the message that is being written. */
export class Shelf {
  uploads: readonly Upload[] = [];

  constructor(
    private readonly limits: Config['files'],
    private readonly send: (file: File, progress: (share: number) => void, signal: AbortSignal) => Promise<Attachment>,
    private readonly changed: () => void,
  ) {}

  /** busy: a file is still on its way. */
  get busy(): boolean {
    return this.uploads.some((u) => !u.done && !u.fault);
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const full = this.uploads.length >= this.limits.max_count;
      const fault = full ? { key: 'tooMany' as const, n: this.limits.max_count } : faultOfFile(file, this.limits);
      const u: Upload = { id: newId(), file, share: 0, fault, stop: new AbortController() };
      this.uploads = [...this.uploads, u];
      if (!fault) void this.bring(u);
    }
    this.changed();
  }

  again(id: string): void {
    const u = this.uploads.find((o) => o.id === id);
    if (!u) return;
    this.put(id, { fault: undefined, share: 0 });
    void this.bring(u);
  }

  remove(id: string): void {
    this.uploads.find((u) => u.id === id)?.stop.abort();
    this.uploads = this.uploads.filter((u) => u.id !== id);
    this.changed();
  }

  /** take empties the shelf into a message. */
  take(): Attachment[] {
    const out = this.uploads.flatMap((u) => (u.done ? [u.done] : []));
    this.uploads = [];
    this.changed();
    return out;
  }

  private async bring(u: Upload): Promise<void> {
    try {
      const done = await this.send(u.file, (share) => this.put(u.id, { share }), u.stop.signal);
      this.put(u.id, { done: { ...done, attachment_id: u.id } });
    } catch (e) {
      this.put(u.id, { fault: { key: e instanceof Refused && e.final ? 'wrongKind' : 'notUploaded' } });
    }
  }

  private put(id: string, change: Partial<Upload>): void {
    this.uploads = this.uploads.map((u) => (u.id === id ? { ...u, ...change } : u));
    this.changed();
  }
}
