/** What values are called. */
import { useMemo } from 'react';
import { useChannelName } from '../../kit/ChannelIcon';
import { useNames as useOurNames } from '../../sync/names';
import type { Span, Slice } from './place';
import { useWords } from './text';

export interface Names {
  /** A value of a slice; the server's own name for it comes first. */
  of: (slice: Slice, value: string, told?: string) => string;
  span: (span: Span) => string;
}

export function useNames(): Names {
  const { t, locale, date, dateTime, time } = useWords();
  const channel = useChannelName();
  const ours = useOurNames();
  return useMemo(() => {
    const spoken = new Intl.DisplayNames(locale, { type: 'language' });
    const known: Record<Slice, (value: string) => string | undefined> = {
      handling: (v) => (isHandling(v) ? t(`st.handling.${v}`) : undefined),
      kind: channel,
      account: ours.account,
      topic: ours.topic,
      line: ours.line,
      language: (v) => ours.language(v, '') || /^[a-z]{2,3}$/i.exec(v)?.map((code) => spoken.of(code) ?? v)[0],
      rating: (v) => '★'.repeat(Number(v)),
      operator: ours.operator,
    };
    return {
      of: (slice, value, told) => {
        if (slice === 'rating' ? value === '0' : value === '') return t(slice === 'handling' ? 'st.total' : `st.without.${slice}`);
        return told || known[slice](value) || value;
      },
      span: ({ from, to }) => spanName(Date.parse(from), Date.parse(to), { date, dateTime, time }),
    };
  }, [t, locale, date, dateTime, time, channel, ours]);
}

const isHandling = (v: string): v is 'automatic' | 'by_operators' | 'unserved' => ['automatic', 'by_operators', 'unserved'].includes(v);

type Write = (ms: number) => string;

/** «22 ноября», or «22 ноября, 10:00–10:15». */
export function spanName(from: number, to: number, { date, dateTime, time }: { date: Write; dateTime: Write; time: Write }): string {
  // A day of the calendar has 23 to 25 hours.
  if (to - from > 20 * 3_600_000) return date(from);
  return `${dateTime(from)}–${time(to)}`;
}
