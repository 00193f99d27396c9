/** How one is told of alerts: kept on this computer, as the sound is of this computer. */
import { create } from 'zustand';

export interface Notices {
  sound: boolean;
  desktop: boolean;
}

const KEPT = 'crafttalk.monitoring';

export const useNotices = create<Notices>(() => ({ sound: true, desktop: false, ...kept() }));

function kept(): Partial<Notices> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Notices>;
  } catch {
    return {};
  }
}

export function setNotices(change: Partial<Notices>): void {
  useNotices.setState(change);
  const { sound, desktop } = useNotices.getState();
  localStorage.setItem(KEPT, JSON.stringify({ sound, desktop }));
}
