/** What goes wrong now. The longest comes first; two are read at once, the others on demand. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { WarningIcon } from '../../kit/icons';
import { useNames, type Names } from '../../sync/names';
import { useWall, type WallAlert } from '../../sync/wall';
import { useWords } from './text';
import classes from './wall.module.css';

const few = 2;

export function Alerts() {
  const { t, time } = useWords();
  const alerts = useWall((w) => w.alerts);
  const say = useAlertText();
  const [all, showAll] = useState(false);
  const list = [...alerts.values()].toSorted((a, b) => a.since - b.since);
  return (
    <section className={list.length > 0 ? classes.alerts : undefined} aria-label={t('wall.alerts')}>
      {/* It is there before the first, or nobody would hear that one. */}
      <div role="status">
        {list.length > 0 && (
          <ul>
            {(all ? list : list.slice(0, few)).map((alert) => (
              <li key={alert.id} className={classes.alert}>
                <WarningIcon size={16} aria-hidden />
                <span>{say(alert)}</span>
                <span className={classes.dim}>{t('wall.alert.since', { time: time(alert.since) })}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {list.length > few && (
        <UnstyledButton className={classes.moreAlerts} aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? t('wall.alert.fewer') : t('wall.alert.more', { count: list.length - few })}
        </UnstyledButton>
      )}
    </section>
  );
}

/** An alert as a sentence. */
export function useAlertText(): (alert: WallAlert) => string {
  const { t, duration } = useWords();
  const names = useNames();
  return (alert) => {
    const bound = alert.kind === 'queue' ? alert.bound : duration(alert.bound * 1000);
    const name = subject(alert, names);
    if (!isKnown(alert.kind)) return t('wall.alert.other', { name });
    return t(`wall.alert.${alert.kind}`, { name, bound, value: alert.value });
  };
}

const kinds = ['queue', 'waiting', 'unanswered', 'channel'] as const;
const isKnown = (kind: string): kind is (typeof kinds)[number] => (kinds as readonly string[]).includes(kind);

function subject({ kind, subjectId }: WallAlert, names: Names): string {
  if (kind === 'channel') return names.account(subjectId);
  if (kind !== 'unanswered') return names.line(subjectId);
  return useWall.getState().operators.get(subjectId)?.name ?? names.operator(subjectId);
}
