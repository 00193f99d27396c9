/**
 * Combinations of keys by the physical key, `Ctrl+Alt+Shift+KeyA`: the same in
 * every keyboard layout. Command of a Mac counts as Ctrl.
 */

interface Pressed {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const modifiers = ['Ctrl', 'Alt', 'Shift'] as const;
export type Modifier = (typeof modifiers)[number];

const modifierCodes = /^(Control|Alt|Shift|Meta|OS)(Left|Right)?$/;

/** The combination of an event, or '' while only modifiers are down. */
export function comboOf(e: Pressed): string {
  if (modifierCodes.test(e.code) || e.code === '') return '';
  const down: Record<Modifier, boolean> = { Ctrl: e.ctrlKey || e.metaKey, Alt: e.altKey, Shift: e.shiftKey };
  return [...modifiers.filter((m) => down[m]), e.code].join('+');
}

/** Whether it has a modifier that typing has not. */
export function isSafe(combo: string): boolean {
  return /^(Ctrl|Alt)\+/.test(combo);
}

const browserOwn =
  /^(Ctrl(\+Shift)?\+(Key[NTWRPJ]|Tab|Digit\d|F\d+|Delete|Equal|Minus)|Ctrl\+(Key[ACDFGHLOSUVXYZ])|Ctrl\+Shift\+(Key[BCIMOVZ])|Alt\+(F\d+|ArrowLeft|ArrowRight|Home|KeyD|KeyF|KeyE|Tab|Space)|(Shift\+)?F\d+|Ctrl\+Alt\+.+)$/;

/** Whether the browser or the system wants the combination for itself. */
export function isBrowsers(combo: string): boolean {
  return browserOwn.test(combo);
}

const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Slash: '/',
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Backquote: '`',
  Minus: '-',
  Equal: '=',
};

/** The keys as they are written on the keyboard. */
export function keysOf(combo: string): string[] {
  return combo.split('+').map((part) => names[part] ?? part.replace(/^(Key|Digit)/, ''));
}

/** «Ctrl + K». */
export function showCombo(combo: string): string {
  return keysOf(combo).join(' + ');
}

/** As the attribute aria-keyshortcuts wants it. */
export function ariaCombo(combo: string): string {
  return keysOf(combo).join('+').replace('Ctrl', 'Control');
}
