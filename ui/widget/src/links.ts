export interface Piece {
  text: string;
  href?: string;
}

const pattern = /(?:https?:\/\/|mailto:)[^\s<>"']+|tel:\+?[\d()-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
/** What ends a sentence does not belong to the address before it. */
const trailing = /[.,;:!?)\]»]+$/;

/** pieces cuts a text into plain parts and links: web, mail and phone, and nothing else. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const m of text.matchAll(pattern)) {
    const found = m[0].replace(trailing, '');
    if (m.index > from) out.push({ text: text.slice(from, m.index) });
    out.push({ text: found, href: /^(https?:|mailto:|tel:)/i.test(found) ? found : 'mailto:' + found });
    from = m.index + found.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}
