/** Finds what may be followed in a text: web addresses, e-mail and telephone links. */

export interface Piece {
  text: string;
  href?: string;
}

const found = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"«»]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.\p{L}{2,}\b/giu;

/** The text in pieces; only http(s), mailto and tel can be followed. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(found)) {
    const link = trimmed(match[0]);
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ text: link, href: hrefOf(link) });
    at = match.index + link.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** A point or a bracket after an address belongs to the sentence. */
function trimmed(link: string): string {
  let end = link.replace(/[.,;:!?'…]+$/u, '');
  if (end.endsWith(')') && !end.includes('(')) end = end.slice(0, -1);
  return end;
}

function hrefOf(link: string): string | undefined {
  const whole = /^(https?|mailto|tel):/i.test(link) ? link : `mailto:${link}`;
  if (!URL.canParse(whole)) return undefined;
  return /^(https?|mailto|tel):$/.test(new URL(whole).protocol) ? whole : undefined;
}
