/** Dates, times, numbers and durations as a language writes them. */

export interface Format {
  /** «22 ноября», and the year if it is not this one. */
  date(ms: number): string;
  /** «19:37». */
  time(ms: number): string;
  /** «22 ноября, 19:37». */
  dateTime(ms: number): string;
  /** «сегодня», «вчера», or the date. */
  day(ms: number, now?: number): string;
  number(n: number): string;
  /** «1 ч 5 мин», «2 мин 5 с», «40 с»: the two greatest units. */
  duration(ms: number): string;
  /** «1,4 МБ». */
  bytes(n: number): string;
}

const DAY = 86_400_000;

export function makeFormat(locale: string): Format {
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const long = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const plain = new Intl.NumberFormat(locale);
  const unit = makeUnits(locale);

  const date = (ms: number) => (thisYear(ms) ? short : long).format(ms);
  const time = (ms: number) => clock.format(ms);
  return {
    date,
    time,
    dateTime: (ms) => `${date(ms)}, ${time(ms)}`,
    day(ms, now = Date.now()) {
      const ago = Math.round((midnight(now) - midnight(ms)) / DAY);
      return ago === 0 || ago === 1 ? relative.format(-ago, 'day') : date(ms);
    },
    number: (n) => plain.format(n),
    duration: (ms) => duration(ms, unit),
    bytes: (n) => bytes(n, unit),
  };
}

function thisYear(ms: number): boolean {
  return new Date(ms).getFullYear() === new Date().getFullYear();
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

type Units = (n: number, name: string) => string;

/** To make a format takes longer than to draw a row: each unit's is made once. */
function makeUnits(locale: string): Units {
  const made = new Map<string, Intl.NumberFormat>();
  return (n, name) => {
    let format = made.get(name);
    if (!format) {
      format = new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 });
      made.set(name, format);
    }
    return format.format(n);
  };
}

function duration(ms: number, unit: Units): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return unit(0, 'second');
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, name]) => unit(n, name))
    .join(' ');
}

function bytes(n: number, unit: Units): string {
  const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let step = 0;
  let left = n;
  // As limits are counted, and as most desktops count.
  while (left >= 1024 && step < names.length - 1) {
    left /= 1024;
    step += 1;
  }
  return unit(left, names[step] ?? 'byte');
}
