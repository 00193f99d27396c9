/**
 * Puts text at the cursor of a field as if it had been typed, so that Ctrl+Z
 * takes it back. Browsers keep the history of a field for this command only.
 */
export function insertAt(field: HTMLTextAreaElement, text: string, from = field.selectionStart, to = field.selectionEnd): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (document.execCommand?.('insertText', false, text)) return;
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}

/** A phrase put next to a word is kept apart from it by a space. */
export function spaced(before: string, text: string, after: string): string {
  const left = before !== '' && !/\s$/u.test(before) ? ' ' : '';
  const right = after !== '' && !/^\s/u.test(after) && !/\s$/u.test(text) ? ' ' : '';
  return left + text + right;
}
