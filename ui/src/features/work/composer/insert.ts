/**
 * Puts text at the cursor of a field as if it had been typed, so that Ctrl+Z
 * takes it back. Browsers keep the history of a field for this command only.
 */
export function insertAt(field: HTMLTextAreaElement, text: string, from = field.selectionStart, to = field.selectionEnd): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (document.execCommand?.('insertText', false, text)) return;
  const value = field.value.slice(0, from) + text + field.value.slice(to);
  // The setter of the class: React watches the one of the element, and would see no change.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field, value);
  field.setSelectionRange(from + text.length, from + text.length);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}

/** A phrase put next to a word is kept apart from it by a space. */
export function spaced(before: string, text: string, after: string): string {
  const left = before !== '' && !/\s$/u.test(before) ? ' ' : '';
  const right = after !== '' && !/^\s/u.test(after) && !/\s$/u.test(text) ? ' ' : '';
  return left + text + right;
}
