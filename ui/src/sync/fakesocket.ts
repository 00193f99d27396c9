import { decode } from './wire';
import type { Told } from './wire';

/** For tests: a socket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: Told[] = [];
  isClosed = false;

  constructor() {
    FakeSocket.all.push(this);
  }

  /** For openSocket: the type is the browser's. */
  static open(): WebSocket {
    return new FakeSocket() as unknown as WebSocket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Told);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The server speaks. */
  say(frame: Told): void {
    const text = JSON.stringify(frame);
    decode(text);
    this.onmessage?.({ data: text });
  }

  answer(frame: Told | undefined, refusal: Told = {}): void {
    this.say({ answer: { id: String(frame?.id), ...refusal } });
  }

  /** The line breaks. */
  break(): void {
    this.isClosed = true;
    this.onclose?.();
  }

  /** Greets, and gets what it is greeted with. */
  welcome(...frames: Told[]): void {
    this.onopen?.();
    this.say({ welcome: { now: new Date().toISOString(), user_id: 'oleg', version: '1.0' } });
    frames.forEach((frame) => this.say(frame));
    this.answer(this.sent[0]);
  }

  /** The frames that ask for something by its name. */
  asked(name: string): Told[] {
    return this.sent.filter((frame) => name in frame);
  }
}
