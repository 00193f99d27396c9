/** When somebody comes or leaves, in words: until 21:00, on Monday at 9:00. */
import type { Attendance } from '../../../sync/agents';
import type { T } from '../text';

const DAY = 86_400_000;

/** The zone of a clock on the wall; the browser's own if nobody named one that it knows. */
function zoneOf(name: string): string | undefined {
  try {
    return name && new Intl.DateTimeFormat('en', { timeZone: name }) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Days since the epoch, by the calendar that hangs there. */
function dayNumber(ms: number, timeZone: string | undefined): number {
  return Math.round(Date.parse(`${new Intl.DateTimeFormat('en-CA', { timeZone }).format(ms)}T00:00Z`) / DAY);
}

/** «открыто до 21:00», «закрыто, откроется в понедельник в 09:00». */
export function sayNow({ open, changes_at, time_zone }: Attendance, now: number, locale: string, t: T): string {
  const state = open ? 'open' : 'closed';
  if (!changes_at) return t(`agents.now.${state}.always`);
  const at = Date.parse(changes_at);
  const timeZone = zoneOf(time_zone);
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const days = dayNumber(at, timeZone) - dayNumber(now, timeZone);
  if (days <= 0) return t(`agents.now.${state}.today`, { time });
  if (days === 1) return t(`agents.now.${state}.tomorrow`, { time });
  // The first of January 1970 was a Thursday, the fourth day.
  const weekday = ((dayNumber(at, timeZone) + 3) % 7) + 1;
  if (days < 7) return t(`agents.now.${state}.on`, { time, day: t(`agents.on.${weekday as 1}`) });
  const date = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'long', year: days > 180 ? 'numeric' : undefined }).format(at);
  return t(`agents.now.${state}.date`, { time, date });
}
