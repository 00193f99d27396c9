/** Signs of our own, drawn on 24 by 24. */
const shapes = {
  chat: 'M3 4h18v13H11l-5 4v-4H3z',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M5 9l7 7 7-7',
  send: 'M4 12l16-8-5 16-3-7z',
  clip: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3 3 0 0 1 5 5l-8 8a1 1 0 0 1-2-2l7-7',
  file: 'M6 3h8l4 4v14H6zM14 3v5h4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  tick: 'M5 12l5 5L19 7',
  ticks: 'M2 12l5 5 9-10M12 17l10-10',
  fault: 'M12 4l9 16H3zM12 10v4M12 17v0',
  star: 'M12 3l2.7 5.8 6.1.8-4.5 4.2 1.1 6.1L12 17l-5.4 2.9 1.1-6.1L3.2 9.6l6.1-.8z',
  again: 'M19 12a7 7 0 1 1-2-5l3 3M20 4v6h-6',
} as const;

/** The chat and the send sign are filled; the rest are lines. */
export function Icon({ is, size = 20 }: { is: keyof typeof shapes; size?: number }) {
  const full = is === 'chat' || is === 'send';
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" fill={full ? 'currentColor' : 'none'} stroke="currentColor"
      stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d={shapes[is]} />
    </svg>
  );
}
