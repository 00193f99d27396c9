/** What a timer shows, without showing it. */

export type Tone = 'neutral' | 'warning' | 'danger';

export interface Mark {
  /** From how many seconds left (or gone by) on. */
  seconds: number;
  tone: 'warning' | 'danger';
}

/** «05:09», «1:05:09», and «−00:20» for what is over. */
export function clock(ms: number): string {
  const seconds = Math.abs(ms < 0 ? Math.floor(ms / 1000) : Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${ms < 0 ? '−' : ''}${hours > 0 ? `${hours}:` : ''}${rest}`;
}

/** The tone of a countdown: the sharpest mark that is reached. */
export function toneLeft(left: number, marks: readonly Mark[]): Tone {
  return sharpest(marks.filter((m) => left <= m.seconds * 1000));
}

/** The tone of a time that grows. */
export function toneGone(gone: number, marks: readonly Mark[]): Tone {
  return sharpest(marks.filter((m) => gone >= m.seconds * 1000));
}

function sharpest(reached: readonly Mark[]): Tone {
  if (reached.some((m) => m.tone === 'danger')) return 'danger';
  return reached.length > 0 ? 'warning' : 'neutral';
}

/** Amber in the last minute, red when it is over. */
export const usualMarks: readonly Mark[] = [
  { seconds: 60, tone: 'warning' },
  { seconds: 0, tone: 'danger' },
];
