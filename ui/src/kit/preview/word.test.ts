/** What a document of Word 97–2003 shows, and what a file that only pretends to be one does not do. */
import { describe, expect, it } from 'vitest';
import { word } from '../../../e2e/lib/word.mjs';
import { readWord, TEXT_LIMIT } from './word';

const doc = (...pieces: string[]) => word({ pieces: pieces.map((text) => ({ text })) });

// proves OP-14
describe('a document of Word', () => {
  it('is its paragraphs, whatever pieces they were kept in', () => {
    const made = word({ pieces: [{ text: 'Договор № 7\rСтороны: ' }, { text: 'Café No. 5', narrow: true }, { text: '\rПодписи\r' }] });
    expect(readWord(made)).toEqual({ text: 'Договор № 7\nСтороны: Café No. 5\nПодписи', cut: false });
  });

  it('has its rows, its fields as they read, and nothing of the marks', () => {
    const table = 'Товар\x07Цена\x07\x07Чайник\x071990\x07\x07';
    const link = 'см. \x13HYPERLINK "http://evil.example/"\x14наш \x13PAGE\x14сайт\x15\x15 и рис. \x01\x08\r';
    expect(readWord(doc(table, link)).text).toBe('Товар\tЦена\nЧайник\t1990\nсм. наш сайт и рис.');
  });

  it('has its notes below', () => {
    expect(readWord(word({ pieces: [{ text: 'Цена\x02 твёрдая\r' }], notes: '\x02 без НДС\r' })).text).toBe('Цена твёрдая\n\nбез НДС');
  });

  it('is text, and as much as one would read', () => {
    expect(readWord(doc('<img src=x onerror=alert(1)>\r')).text).toBe('<img src=x onerror=alert(1)>');
    const long = readWord(doc('я'.repeat(TEXT_LIMIT + 5)));
    expect([long.text.length, long.cut]).toEqual([TEXT_LIMIT, true]);
  });
});

describe('a file that is no document of Word', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['a beginning', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3])],
    ['rich text', new TextEncoder().encode('{\\rtf1 Привет}')],
    ['a document with a password', word({ pieces: [{ text: 'тайна' }], flags: 0x0100 })],
  ])('%s is said to be none', (_, bytes) => expect(() => readWord(bytes)).toThrow());

  /** Every byte of what tells where things are, spoilt in turn: it is text that is shown, or the file is refused. */
  it('never shows more than there is, whichever of its numbers lies', () => {
    const honest = doc('Договор\r');
    const at = (needle: number[]) => honest.findIndex((_, i) => needle.every((b, j) => honest[i + j] === b));
    const main = at([0xec, 0xa5]);
    const table = at([1, 2, 0, 0x35, 0x08]);
    expect(Math.min(main, table)).toBeGreaterThan(0);
    let refused = 0;
    for (const [start, length] of [[main, 0x70], [main + 0x1a0, 12], [table, 32], [0, 128]] as const) {
      for (let i = start; i < start + length; i++) {
        const spoilt = Uint8Array.from(honest);
        spoilt[i] = 0xff;
        try {
          expect(readWord(spoilt).text.length).toBeLessThanOrEqual(honest.length);
        } catch (e) {
          expect(e).toBeInstanceOf(Error);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(10);
  });
});
