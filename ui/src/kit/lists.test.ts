import { describe, expect, it } from 'vitest';
import { linesOf, moved } from './lists';

describe('lists', () => {
  it('move a thing by one place, and never out', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });

  it('take several pasted lines, without blanks and what is there', () => {
    expect(linesOf(' человек\n\nоператор \nЧеловек')).toEqual(['человек', 'оператор']);
    expect(linesOf(' Где заказ?\n\n  где заказ?\r\nКогда?', ['КОГДА?'])).toEqual(['Где заказ?']);
  });
});
