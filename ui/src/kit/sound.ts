/**
 * Two short sounds, made here. A browser lets a page sound only after the first
 * press of a key or a button. However much comes, one sound in two seconds.
 */

export type Sound = 'assigned' | 'message';

const GAP = 2000;
const notes: Record<Sound, number[]> = { assigned: [660, 880, 1100], message: [880, 660] };

let context: AudioContext | undefined;
let last = -GAP;

/** Waits for the first press, and lets the page sound from then on. */
export function unlock(): () => void {
  const events = ['pointerdown', 'keydown'] as const;
  const open = () => {
    context ??= new AudioContext();
    void context.resume();
    stop();
  };
  const stop = () => events.forEach((e) => removeEventListener(e, open, true));
  events.forEach((e) => addEventListener(e, open, true));
  return stop;
}

/** Sounds, unless something has just sounded. The page's element tells which it was. */
export function sound(which: Sound, now = performance.now()): boolean {
  if (now - last < GAP) return false;
  last = now;
  document.documentElement.dataset.sound = which;
  if (context?.state === 'running') play(context, notes[which]);
  return true;
}

/** Sounds for one who asked for it just now. */
export function testSound(): void {
  context ??= new AudioContext();
  void context.resume().then(() => context && play(context, notes.assigned));
}

function play(audio: AudioContext, frequencies: number[]): void {
  frequencies.forEach((frequency, i) => {
    const at = audio.currentTime + i * 0.13;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.25);
  });
}
