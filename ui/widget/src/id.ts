const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** newId makes a name that nobody else makes. Plain http pages have no randomUUID. */
export function newId(): string {
  let out = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(24))) out += letters[byte & 31];
  return out;
}
