/** How many messages wait for an answer, in the title and the icon of the tab. */

const plain = '/favicon.svg';

/** The title with the number before it. */
export function titleWith(count: number, name: string): string {
  return count > 0 ? `(${count}) ${name}` : name;
}

/** The icon with a red spot and the number. */
export function iconWith(count: number): string {
  if (count <= 0) return plain;
  const text = count > 99 ? '99' : String(count);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0a6881"/>` +
    `<path d="M22.6 11.2A8 8 0 1 0 16 24" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>` +
    `<circle cx="21" cy="21" r="11" fill="#c92a2a"/><text x="21" y="26" font-size="14" font-weight="700" ` +
    `font-family="sans-serif" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function showBadge(count: number, name: string): void {
  document.title = titleWith(count, name);
  document.querySelector('link[rel="icon"]')?.setAttribute('href', iconWith(count));
}
