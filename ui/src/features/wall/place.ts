/** Where one is in «Мониторинг»: the filters, the folded parts and the open conversation are in the address. */

export const parts = ['queue', 'operators', 'inactive', 'automatic', 'failures'] as const;
export type Part = (typeof parts)[number];

export interface Place {
  open: string;
  center: string;
  line: string;
  text: string;
  /** Operators by who leaves a customer waiting longest, and not by name. */
  byWait: boolean;
  /** The parts that are folded. */
  folded: readonly Part[];
}

const root = '/monitoring';
/** Who does not work now is looked up now and then. */
const usual: readonly Part[] = ['inactive'];

export function placeOf(path: string, query: string): Place {
  const said = new URLSearchParams(query);
  const turned = (said.get('turned') ?? '').split(',');
  return {
    open: decodeURIComponent(path.split('/')[2] ?? ''), center: said.get('center') ?? '', line: said.get('line') ?? '', text: said.get('text') ?? '',
    byWait: said.get('order') === 'wait', folded: parts.filter((part) => usual.includes(part) !== turned.includes(part)),
  };
}

export function addressOf(place: Place): string {
  const said = new URLSearchParams();
  const turned = parts.filter((part) => usual.includes(part) !== place.folded.includes(part));
  const values = { center: place.center, line: place.line, text: place.text, order: place.byWait ? 'wait' : '', turned: turned.join(',') };
  for (const [name, value] of Object.entries(values)) if (value) said.set(name, value);
  const query = said.toString();
  return root + (place.open && `/${encodeURIComponent(place.open)}`) + (query && `?${query}`);
}

export const isFiltered = (place: Place) => place.center !== '' || place.line !== '' || place.text.trim() !== '';
export const unfiltered = { center: '', line: '', text: '' };

export const turned = (folded: readonly Part[], part: Part): Part[] => (folded.includes(part) ? folded.filter((p) => p !== part) : [...folded, part]);
