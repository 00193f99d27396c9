// Writes the least document of Word 97–2003 (MS-DOC) that other programs open too.
import XLSX from '@e965/xlsx';

const { CFB } = XLSX;
const FIB = 0x382;
const TEXT = 0x800;

/** A document of pieces in their order; narrow ones have a byte a character, as Word writes western text. */
export function word({ pieces, notes = '', flags = 0 }) {
  const all = notes === '' ? pieces : [...pieces, { text: notes }];
  const encoded = all.map(({ text, narrow }) => Buffer.from(text, narrow ? 'latin1' : 'utf16le'));
  const places = encoded.map((_, i) => TEXT + 2 * sum(encoded.slice(0, i).map((e) => e.length)));
  const main = Buffer.alloc(TEXT + 2 * sum(encoded.map((e) => e.length)) + 512);
  encoded.forEach((e, i) => e.copy(main, places[i]));
  const table = pieceTable(all, places);
  head(main, { flags, length: sum(pieces.map((p) => p.text.length)), notes: notes.length, table: table.length });
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, '/WordDocument', padded(main));
  CFB.utils.cfb_add(file, '/1Table', padded(table));
  return Buffer.from(CFB.write(file, { type: 'buffer' }));
}

/** The file information block: what this is, how long its parts are and where the table of pieces is. */
function head(main, { flags, length, notes, table }) {
  const put16 = (at, ...all) => all.forEach((v, i) => main.writeUInt16LE(v, at + 2 * i));
  const put32 = (at, v) => main.writeUInt32LE(v, at);
  put16(0, 0xa5ec, 0xc1, 0, 0x0419);
  put16(0x0a, 0x0200 | 0x0004 | flags, 0xbf);
  put32(0x18, TEXT);
  put32(0x1c, main.length - 512);
  put16(0x20, 14);
  put16(0x3e, 22);
  put32(0x40, main.length);
  put32(0x4c, length);
  put32(0x50, notes);
  put16(0x98, 0x5d);
  put32(0x1a2, 0);
  put32(0x1a6, table);
  put16(FIB, 0);
}

/** A change of looks, which a reader steps over, and the pieces. */
function pieceTable(pieces, places) {
  const change = Buffer.from([1, 2, 0, 0x35, 0x08]);
  const begin = Buffer.alloc(5 + 4 * (pieces.length + 1) + 8 * pieces.length);
  begin.writeUInt8(2, 0);
  begin.writeUInt32LE(begin.length - 5, 1);
  let from = 0;
  pieces.forEach((p, i) => {
    from += p.text.length;
    begin.writeUInt32LE(from, 5 + 4 * (i + 1));
    begin.writeUInt32LE(p.narrow ? (places[i] * 2 + 0x40000000) : places[i], 5 + 4 * (pieces.length + 1) + 8 * i + 2);
  });
  return Buffer.concat([change, begin]);
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** Short streams are kept otherwise; Word writes none. */
const padded = (b) => Buffer.concat([b, Buffer.alloc(Math.max(0, 4096 - b.length))]);
