/** Rows of a short table: searched, sorted and cut into pages here. */
import { pages } from '../../kit/pages';
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
