/** Working hours as people write them, and as the server keeps them. */
import type { Calendar, CalendarFields, OpenHours, SpecialDay } from '../../../sync/agents';
import type { T } from '../text';
import type { Wrong } from '../../../kit/sheet/useEditing';

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const day = 24 * 60;

/** From when to when, as it is written: 9:00 and 18:00. */
export interface Span {
  from: string;
  to: string;
}

export interface DayOff {
  /** 09.05 for every year, 31.12.2026 for one. */
  date: string;
  name: string;
  spans: Span[];
}

export interface Values {
  id: string;
  name: string;
  zone: string;
  /** By weekday, from Monday on. */
  week: Span[][];
  days: DayOff[];
}

const two = (n: number) => String(n).padStart(2, '0');
/** Midnight in the end of a day is written as its beginning. */
export const clockOf = (minutes: number) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;

/** 9, 9:30, 0930, 24:00 in minutes; undefined if it is no time. */
export function minutesOf(text: string): number | undefined {
  const held = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  if (!held) return undefined;
  const minutes = Number(held[1]) * 60 + Number(held[2] ?? 0);
  return Number(held[2] ?? 0) < 60 && minutes <= day ? minutes : undefined;
}

/** A time as it is always written, or as it was if it is none. */
export function tidy(text: string): string {
  const minutes = minutesOf(text);
  return minutes === undefined ? text : clockOf(minutes);
}

/** The hours of a span; undefined if it is none. From midnight to midnight is all day. */
export function hoursOf({ from, to }: Span): { from: number; to: number } | undefined {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin === undefined || end === undefined) return undefined;
  const last = end === 0 ? day : end;
  const first = begin === day ? 0 : begin;
  return first === last ? undefined : { from: first, to: last };
}

/** It ends on the next day. */
export function overnight(span: Span): boolean {
  const hours = hoursOf(span);
  return !!hours && hours.to < hours.from;
}

export const allDay = (span: Span) => {
  const hours = hoursOf(span);
  return hours?.from === 0 && hours.to === day;
};

/** 09.05 and 31.12.2026 as the server keeps days; undefined if there is no such day. */
export function dateOf(text: string): string | undefined {
  const held = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?$/.exec(text.trim());
  if (!held) return undefined;
  const [, dd = '', mm = '', yyyy] = held;
  const real = new Date(Date.UTC(Number(yyyy ?? 2000), Number(mm) - 1, Number(dd)));
  if (real.getUTCDate() !== Number(dd) || real.getUTCMonth() !== Number(mm) - 1) return undefined;
  return `${yyyy ?? '-'}-${two(Number(mm))}-${two(Number(dd))}`;
}

export function dateText(date: string): string {
  const [, yyyy = '', mm = '', dd = ''] = /^(-|\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  return [dd, mm, yyyy !== '-' && yyyy].filter(Boolean).join('.');
}

const spanOf = ({ from, to }: OpenHours): Span => ({ from: clockOf(from), to: clockOf(to) });
const usual: Span = { from: '09:00', to: '18:00' };

export function valuesOf(calendar: Calendar | undefined, id: string): Values {
  const week = weekdays.map((weekday) => (calendar ? calendar.week.filter((h) => h.weekday === weekday).map(spanOf) : weekday <= 5 ? [usual] : []));
  const days = [...(calendar?.days ?? [])].map((d) => ({ date: dateText(d.date), name: d.name, spans: d.hours.map(spanOf) }));
  return { id: calendar?.calendar_id ?? id, name: calendar?.name ?? '', zone: calendar?.time_zone ?? '', week, days };
}

export function calendarOf(v: Values): CalendarFields {
  const hours = (spans: Span[]) => spans.map(hoursOf).filter((h) => h !== undefined).sort((a, b) => a.from - b.from);
  const days: SpecialDay[] = v.days.map((d) => ({ date: dateOf(d.date) ?? d.date, name: d.name.trim(), hours: hours(d.spans) }));
  return {
    name: v.name.trim(), time_zone: v.zone, week: v.week.flatMap((spans, i) => hours(spans).map((h) => ({ weekday: i + 1, ...h }))),
    days: days.sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

/** What is wrong, by the place: week.0, days.2, date.2. */
export function check(v: Values, t: T): Wrong {
  const wrong: Wrong = {};
  const look = (spans: Span[], at: string) => {
    if (spans.some((s) => !hoursOf(s))) wrong[at] = t('agents.wrong.span');
    else if (overlap(spans)) wrong[at] = t('agents.wrong.overlap');
  };
  v.week.forEach((spans, i) => look(spans, `week.${i}`));
  const seen = new Set<string>();
  v.days.forEach(({ date, spans }, i) => {
    const kept = dateOf(date);
    if (!kept) wrong[`date.${i}`] = t('agents.wrong.date');
    else if (seen.has(kept)) wrong[`date.${i}`] = t('agents.wrong.dateTwice');
    if (kept) seen.add(kept);
    look(spans, `days.${i}`);
  });
  return wrong;
}

function overlap(spans: Span[]): boolean {
  const sorted = spans.map(hoursOf).filter((h) => h !== undefined).sort((a, b) => a.from - b.from);
  return sorted.some((h, i) => i > 0 && h.from < until(sorted[i - 1]!));
}

const until = ({ from, to }: { from: number; to: number }) => (to < from ? to + day : to);

/** Days off of Russia, every year. */
export const russian: readonly [date: string, name: string][] = [
  ['01.01', 'newYear'], ['02.01', 'newYear'], ['03.01', 'newYear'], ['04.01', 'newYear'], ['05.01', 'newYear'], ['06.01', 'newYear'], ['07.01', 'christmas'],
  ['08.01', 'newYear'], ['23.02', 'defender'], ['08.03', 'women'], ['01.05', 'labour'], ['09.05', 'victory'], ['12.06', 'russia'], ['04.11', 'unity'],
];
