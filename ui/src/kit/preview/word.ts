/**
 * The text of a document of Word 97–2003. Such a file is a compound file whose
 * stream WordDocument holds the characters, and whose table says which pieces
 * of it follow one another (MS-DOC, 2.4.1). Everything in the file is a claim:
 * whatever is read is looked for within its bounds.
 */
import { CFB } from '@e965/xlsx';

/** More than this is no letter and no contract. */
export const FILE_LIMIT = 32 << 20;
/** As much text as is shown; the rest is in the file. */
export const TEXT_LIMIT = 500_000;

export interface WordText {
  text: string;
  cut: boolean;
}

const LOCKED = 0x0100;
const SECOND_TABLE = 0x0200;
const PIECES = 0x01a2;
const LENGTHS = 0x004c;
const NARROW = 0x40000000;

/** The parts of a document in their order; what is said about it, and what is on each page, is not its text. */
const parts = ['text', 'notes', 'headers', 'macros', 'remarks', 'endNotes', 'boxes', 'headerBoxes'] as const;
const shown: ReadonlySet<string> = new Set(['text', 'notes', 'endNotes', 'boxes']);

interface Piece {
  from: number;
  to: number;
  at: number;
  narrow: boolean;
}

/** Fails for what is no such document, or has a password. */
export function readWord(bytes: Uint8Array): WordText {
  if (bytes.length > FILE_LIMIT) throw new RangeError('the file is too large');
  const file = CFB.read(bytes, { type: 'array' });
  const main = stream(file, 'WordDocument');
  const flags = main.getUint16(0x0a, true);
  if (main.getUint16(0, true) !== 0xa5ec) throw new TypeError('the file is no document');
  if (flags & LOCKED) throw new TypeError('the document has a password');
  const table = stream(file, flags & SECOND_TABLE ? '1Table' : '0Table');
  const pieces = piecesOf(table, main.getUint32(PIECES, true), main.getUint32(PIECES + 4, true));
  return assembled(main, pieces);
}

function stream(file: unknown, name: string): DataView {
  const content = CFB.find(file, name)?.content;
  if (!content) throw new TypeError(`the document has no ${name}`);
  const bytes = Uint8Array.from(content);
  return new DataView(bytes.buffer);
}

/** The table of pieces stands behind any number of changes, which alter looks alone. */
function piecesOf(table: DataView, start: number, length: number): Piece[] {
  const end = start + length;
  let at = start;
  while (at < end && table.getUint8(at) === 1) at += 3 + table.getUint16(at + 1, true);
  if (at >= end || table.getUint8(at) !== 2) throw new TypeError('the document has no pieces');
  const count = Math.floor((table.getUint32(at + 1, true) - 4) / 12);
  const places = at + 5;
  const pieces: Piece[] = [];
  for (let i = 0; i < count; i++) {
    const where = table.getUint32(places + 4 * (count + 1) + 8 * i + 2, true);
    const narrow = (where & NARROW) !== 0;
    const plain = where & (NARROW - 1);
    const [from, to] = [table.getUint32(places + 4 * i, true), table.getUint32(places + 4 * i + 4, true)];
    pieces.push({ from, to, at: narrow ? plain / 2 : plain, narrow });
  }
  return pieces;
}

function assembled(main: DataView, pieces: Piece[]): WordText {
  const texts: string[] = [];
  let from = 0;
  let cut = false;
  for (const [i, part] of parts.entries()) {
    const length = main.getUint32(LENGTHS + 4 * i, true);
    if (shown.has(part) && length > 0) {
      const read = between(main, pieces, from, from + Math.min(length, TEXT_LIMIT));
      cut ||= length > TEXT_LIMIT;
      texts.push(legible(read).trim());
    }
    from += length;
  }
  const text = texts.filter(Boolean).join('\n\n');
  return { text: text.slice(0, TEXT_LIMIT), cut: cut || text.length > TEXT_LIMIT };
}

const wide = new TextDecoder('utf-16le');
const western = new TextDecoder('windows-1252');

/** The characters from one place of the text up to another. */
function between(main: DataView, pieces: Piece[], from: number, to: number): string {
  let read = '';
  for (const p of pieces) {
    const [first, last] = [Math.max(from, p.from), Math.min(to, p.to)];
    if (first >= last || read.length >= to - from) continue;
    const size = p.narrow ? 1 : 2;
    const bytes = new Uint8Array(main.buffer, p.at + size * (first - p.from), size * (last - first));
    read += (p.narrow ? western : wide).decode(bytes);
  }
  return read;
}

const signs: Record<string, string> = {
  '\r': '\n',
  '\v': '\n',
  '\f': '\n\n',
  '\x07': '\t',
  '\x1e': '\u2011',
};

/** Marks of the format become what they mean to a reader: of a field its result is left, of a row its cells. */
function legible(raw: string): string {
  let text = withoutCodes(raw).replaceAll('\x07\x07', '\n');
  for (const [mark, sign] of Object.entries(signs)) text = text.replaceAll(mark, sign);
  return text
    .replace(/\p{Cc}/gu, (c) => (c === '\n' || c === '\t' ? c : ''))
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}

/** A field is a code between its begin and its separator, and a result up to its end; fields stand in fields. */
function withoutCodes(raw: string): string {
  if (!raw.includes('\x13')) return raw;
  const open: boolean[] = [];
  let codes = 0;
  let kept = '';
  for (const c of raw) {
    if (c === '\x13') {
      open.push(true);
      codes++;
    } else if (c === '\x14' || c === '\x15') {
      if (open.at(-1)) codes--;
      if (c === '\x15') open.pop();
      else if (open.length > 0) open[open.length - 1] = false;
    } else if (codes === 0) kept += c;
  }
  return kept;
}
