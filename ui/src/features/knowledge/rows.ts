/** Rows of a short table: searched, sorted and cut into pages here. */
import type { Place } from './place';

export type Reader<T> = (row: T) => string;

/** Letters whatever their case, ё as е. */
export const plain = (text: string) => text.trim().toLocaleLowerCase('ru').replaceAll('ё', 'е');

interface Page<T> {
  rows: T[];
  total: number;
}

/** The rows of the place's page: those of which some text holds what is searched for. */
export function pageOf<T>(rows: readonly T[], place: Place, columns: Record<string, Reader<T>>, locale: string): Page<T> {
  const wanted = plain(place.search);
  const words = Object.entries(columns).filter(([name]) => name !== 'changed').map(([, read]) => read);
  const found = rows.filter((row) => wanted === '' || words.some((read) => plain(read(row)).includes(wanted)));
  const read = columns[place.sort];
  if (read) {
    const order = new Intl.Collator(locale, { numeric: true });
    found.sort((a, b) => order.compare(read(a), read(b)) * (place.descending ? -1 : 1));
  }
  const from = (Math.min(place.page, pages(found.length, place.size)) - 1) * place.size;
  return { rows: found.slice(from, from + place.size), total: found.length };
}

export const pages = (total: number, size: number) => Math.max(1, Math.ceil(total / size));

/** The numbers that a pager shows: the first, the last and those around the present; 0 stands for a gap. */
export function pageNumbers(page: number, count: number): number[] {
  const near = new Set([1, count, page - 1, page, page + 1].filter((n) => n >= 1 && n <= count));
  const sorted = [...near].sort((a, b) => a - b);
  return sorted.flatMap((n, i) => {
    const gap = n - (sorted[i - 1] ?? n - 1);
    if (gap === 2) return [n - 1, n];
    return gap > 2 ? [0, n] : [n];
  });
}
