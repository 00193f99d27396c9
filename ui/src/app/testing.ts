/** What every test starts with: matchers, a clean page, and what the test's browser lacks. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// On a machine with neighbours a second is soon over.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

window.matchMedia ??= (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

// Text areas that grow listen for the fonts.
if (!document.fonts) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// The test's browser takes Alt for AltGr.
const modifierState = KeyboardEvent.prototype.getModifierState;
KeyboardEvent.prototype.getModifierState = function (key) {
  return key !== 'AltGraph' && modifierState.call(this, key);
};
