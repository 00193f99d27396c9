/** What a user has chosen for themselves. The server keeps it, whatever the names. */
export interface Preferences {
  /** Which key sends; the other one with Enter makes a new line. */
  sendKey: 'ctrlEnter' | 'enter';
  soundAssigned: boolean;
  soundMessage: boolean;
  notifyAssigned: boolean;
  notifyMessage: boolean;
  /** Key combinations by template id. */
  hotkeys: Record<string, string>;
  /** The right panel is open. */
  sidePanel: boolean;
  [name: string]: unknown;
}

/** The user's preferences; a change shows at once. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  throw new Error('soon');
}
