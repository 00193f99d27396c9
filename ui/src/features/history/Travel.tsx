/** «Машина времени»: a slider over the life of a conversation. What is shown is a fold of its events up to then. */
import { ActionIcon, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ChevronLeftIcon, ChevronRightIcon } from '../../kit/icons';
import type { Conversation } from '../../sync';
import type { useEvents } from '../../sync/history';
import { foldOf } from '../../sync/past';
import { useWords } from './text';
import classes from './history.module.css';

type Entries = NonNullable<ReturnType<typeof useEvents>['data']>;

export interface Journey {
  at: number;
  begin: number;
  end: number;
  conversation: Conversation;
  to: (at: number) => void;
  /** The times of the event before and of the one after; none at the ends. */
  back?: number;
  on?: number;
}

export function useTravel(id: string, events: Entries): Journey {
  const times = useMemo(() => [...new Set(events.map((e) => e.fact.at).filter((at) => at > 0))].sort((a, b) => a - b), [events]);
  const begin = times[0] ?? 0;
  const end = times.at(-1) ?? 0;
  const [at, to] = useState(end);
  const conversation = useMemo(() => foldOf(id, events.slice(0, reached(events, at))), [id, events, at]);
  return { at, begin, end, conversation, to, back: times.findLast((time) => time < at), on: times.find((time) => time > at) };
}

/** How many events had happened: those before the first that came later. */
function reached(events: Entries, at: number): number {
  const later = events.findIndex((e) => e.fact.at > at);
  return later < 0 ? events.length : later;
}

export function Travel({ travel }: { travel: Journey }) {
  const { t, date } = useWords();
  const { at, begin, end, to, back, on } = travel;
  const said = `${date(at)}, ${exact(at)}`;
  return (
    <div className={classes.travel} role="group" aria-label={t('hs.travel')}>
      <Way label={t('hs.travel.back')} to={back} go={to} icon={<ChevronLeftIcon size={18} aria-hidden />} />
      <input
        className={classes.range} type="range" min={begin} max={end} step={1} value={at} aria-label={t('hs.travel.slider')} aria-valuetext={said}
        onChange={(e) => to(Number(e.currentTarget.value))}
        onKeyDown={(e) => {
          const next = { ArrowLeft: back, ArrowDown: back, ArrowRight: on, ArrowUp: on, Home: begin, End: end }[e.key];
          if (next === undefined) return;
          e.preventDefault();
          to(next);
        }}
      />
      <Way label={t('hs.travel.on')} to={on} go={to} icon={<ChevronRightIcon size={18} aria-hidden />} />
      <Text size="sm" className={classes.moment}>{said}</Text>
    </div>
  );
}

function Way({ label, to, go, icon }: { label: string; to: number | undefined; go: (at: number) => void; icon: React.ReactNode }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} title={label} disabled={to === undefined} onClick={() => to !== undefined && go(to)}>
      {icon}
    </ActionIcon>
  );
}

/** «14:03:07». */
const exact = (at: number) => new Date(at).toLocaleTimeString('ru-RU');
