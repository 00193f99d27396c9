/** The word by which the page's policy knows our own styles; the server writes it into the page. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** Libraries that add styles by themselves look for the word under this name. */
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
