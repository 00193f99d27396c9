/** What the Enter key means in the composer. */

export interface EnterPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode?: number;
}

/** Whether the press sends. While an input method composes a word, Enter belongs to it. */
export function sends(press: EnterPress, sendKey: 'ctrlEnter' | 'enter'): boolean {
  if (!isEnter(press) || press.isComposing || press.keyCode === 229) return false;
  if (press.shiftKey || press.altKey) return false;
  const ctrl = press.ctrlKey || press.metaKey;
  return sendKey === 'enter' ? !ctrl : ctrl;
}

/** Ctrl+Enter that does not send makes a new line, which browsers don't do by themselves. */
export function breaksLine(press: EnterPress, sendKey: 'ctrlEnter' | 'enter'): boolean {
  return sendKey === 'enter' && isEnter(press) && !press.isComposing && (press.ctrlKey || press.metaKey);
}

function isEnter(press: EnterPress): boolean {
  return press.key === 'Enter' || press.code === 'Enter' || press.code === 'NumpadEnter';
}
