/** Figures as people write them. */
import type { Definition } from '../../sync/statistics';

export interface Writer {
  value: (n: number | undefined, unit: Definition['unit']) => string;
  share: (part: number, whole: number) => string;
}

/** To make a format takes longer than to use it: they are made once for a language. */
export function makeWriter(locale: string, duration: (ms: number) => string): Writer {
  const numbers = [0, 1, 2].map((maximumFractionDigits) => new Intl.NumberFormat(locale, { maximumFractionDigits }));
  const seconds = new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const digits = { conversations: 0, answers: 0, characters: 0, messages: 1, points: 2 } as const;
  return {
    value(n, unit) {
      if (n === undefined) return '—';
      if (unit !== 'seconds') return numbers[digits[unit]]!.format(n);
      return n < 60 ? seconds.format(n) : duration(Math.round(n) * 1000);
    },
    share: (part, whole) => percent.format(whole > 0 ? part / whole : 0),
  };
}
