import { describe, expect, it } from 'vitest';
import { linkify } from './links';

const links = (text: string) => linkify(text).filter((p) => p.href).map((p) => p.href);

describe('links in a text', () => {
  it.each([
    ['см. https://a.example/x?y=1.', ['https://a.example/x?y=1']],
    ['(https://a.example/x)', ['https://a.example/x']],
    ['пишите на help@lavka.example, ждём', ['mailto:help@lavka.example']],
    ['tel:+79991234567', ['tel:+79991234567']],
    ['javascript:alert(1) data:text/html,x ftp://a.example', []],
    ['просто текст', []],
  ])('%s', (text, want) => expect(links(text)).toEqual(want));

  it('loses no letter', () => {
    const text = 'а https://a.example, б x@y.example! в';
    expect(linkify(text).map((p) => p.text).join('')).toBe(text);
  });
});
