/** A sign for each status: told by its shape as well as its colour. */
import type { Presence } from '../sync';

const shapes: Record<Presence, { color: string; shape: React.ReactNode }> = {
  ONLINE: { color: 'light-dark(#1c7a35, #5fd07c)', shape: <circle cx="6" cy="6" r="5" fill="currentColor" /> },
  OFFLINE: { color: 'var(--mantine-color-dimmed)', shape: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" /> },
  INVISIBLE: { color: 'light-dark(#5f3dc4, #b197fc)', shape: <path d="M6 1a5 5 0 0 0 0 10z" fill="currentColor" stroke="currentColor" strokeWidth="1" /> },
  LUNCH: { color: 'light-dark(#a85500, #ffb454)', shape: <path d="M6 1 11 10.5H1z" fill="currentColor" /> },
  TRAINING: { color: 'light-dark(#1864ab, #74c0fc)', shape: <rect x="1.5" y="1.5" width="9" height="9" rx="1.5" fill="currentColor" /> },
};

export function PresenceMark({ presence }: { presence: Presence }) {
  const { color, shape } = shapes[presence];
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden style={{ color, flex: 'none' }}>
      {shape}
    </svg>
  );
}
