import { newId } from './id';

/**
 * Several tabs of one browser know of each other. The newest one works; the
 * others are told, and step back.
 */
export class Tabs {
  private readonly id = newId();
  private channel: BroadcastChannel | undefined;
  private stamp = 0;

  /** This tab works from now on. */
  take(replaced: () => void): void {
    this.stamp = Date.now();
    if (typeof BroadcastChannel === 'undefined') return;
    this.channel ??= new BroadcastChannel('crafttalk-desk');
    this.channel.onmessage = ({ data }: MessageEvent<{ stamp: number; id: string }>) => {
      if (this.stamp > 0 && isAfter(data, { stamp: this.stamp, id: this.id })) replaced();
    };
    this.channel.postMessage({ stamp: this.stamp, id: this.id });
  }

  /** This tab works no more. */
  leave(): void {
    this.stamp = 0;
    this.channel?.close();
    this.channel = undefined;
  }
}

/** Two tabs that begin in the same millisecond agree by their ids. */
function isAfter(a: { stamp: number; id: string }, b: { stamp: number; id: string }): boolean {
  return a.stamp > b.stamp || (a.stamp === b.stamp && a.id > b.id);
}
