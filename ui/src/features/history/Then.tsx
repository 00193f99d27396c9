/** How things stood at a moment of a conversation: who kept it, its place in line, its timers, what was suggested. */
import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure, Lines } from '../../kit';
import { problemOf } from '../../sync';
import { useMoment, type Moment } from '../../sync/history';
import { useNames } from '../../sync/names';
import { Part } from './Part';
import { useWords } from './text';
import classes from './history.module.css';

export function Then({ id, at }: { id: string; at: number }) {
  const { data, error, refetch } = useMoment(id, at);
  if (!data) return error ? <Failure problem={problemOf(error)} retry={() => void refetch()} /> : <Lines rows={6} />;
  return <Shown moment={data} at={at} />;
}

function Shown({ moment: m, at }: { moment: Moment; at: number }) {
  const { t, duration } = useWords();
  const name = useNames().keeper(m.handler, m.handler_id);
  const left = (due: string) => duration(Math.max(Date.parse(due) - at, 0));
  const keeps = name && m.since ? t('hs.then.for', { name, duration: duration(Math.max(at - Date.parse(m.since), 0)) }) : '';
  return (
    <>
      <Part title={t('hs.then')} rows={[[t(`hs.then.phase.${m.phase}`), keeps || t('hs.none.yet')], ...placeRow(m, t)]} />
      <List title={t('hs.then.timers')} none={t('hs.then.timers.none')}>
        {m.timers.map(({ name: timer, due }) => <li key={timer}>{t('hs.then.timer', { name: t(`hs.timer.${timer}` as 'hs.timer.hold'), left: left(due) })}</li>)}
      </List>
      {m.suggested && <Suggested of={m.suggested} />}
    </>
  );
}

function placeRow({ place }: Moment, t: ReturnType<typeof useWords>['t']): [string, string][] {
  if (!place) return [];
  return [[t('hs.then.place'), place.place > 0 ? t('hs.then.place.of', { place: place.place, of: place.of }) : t('hs.then.place.unknown')]];
}

function Suggested({ of }: { of: NonNullable<Moment['suggested']> }) {
  const { t } = useWords();
  const all = [...new Set([...of.shown, of.chosen, ...of.rejected])].filter((id) => id !== '');
  return (
    <List title={t('hs.then.suggested')} none="">
      {all.map((id) => (
        <li key={id}>
          {id} {id === of.chosen && <Badge size="sm" variant="light" color="green" tt="none">{t('hs.then.chosen')}</Badge>}
          {of.rejected.includes(id) && <Badge size="sm" variant="light" color="red" tt="none">{t('hs.then.rejected')}</Badge>}
        </li>
      ))}
    </List>
  );
}

function List({ title, none, children }: { title: string; none: string; children: ReactNode[] }) {
  return (
    <section className={classes.part}>
      <h3 className={classes.partTitle}>{title}</h3>
      {children.length > 0 ? <ul className={classes.plain}>{children}</ul> : <Text size="sm" c="dimmed">{none}</Text>}
    </section>
  );
}
