/** The time of a dialog as the center counts it. Nothing but the timer re-renders each second. */
import { useText } from '../../i18n';
import { Timer } from '../../kit';
import { useNow, useWorkplace, type Conversation } from '../../sync';

/** Since when the dialog is timed: from when this operator has it. */
export function timedFrom(c: Conversation): number {
  return c.assignedAt || c.openedAt;
}

export function ServiceTimer({ conversation }: { conversation: Conversation }) {
  const { t } = useText();
  const { timer } = useWorkplace().settings;
  const now = useNow();
  const from = timedFrom(conversation);
  if (timer.count === 'up') return <Timer now={now} since={from} marks={timer.marks} label={t('work.timer')} />;
  return <Timer now={now} due={from + timer.minutes * 60_000} marks={timer.marks} label={t('work.timer')} />;
}

/** How long the conversation has lasted altogether. */
export function Lasted({ since, until }: { since: number; until?: number }) {
  const { t } = useText();
  const now = useNow();
  return <Timer now={until || now} since={since} label={t('work.lasted')} icon />;
}

/** How long the customer has waited for an answer, or how much of the allowed time is left. */
export function Waiting({ conversation }: { conversation: Conversation }) {
  const { t } = useText();
  const now = useNow();
  const { responseTimeout, waitingSince } = conversation;
  if (responseTimeout > 0) return <Timer now={now} due={waitingSince + responseTimeout} label={t('work.answerIn')} />;
  return <Timer now={now} since={waitingSince} label={t('work.waits')} />;
}
