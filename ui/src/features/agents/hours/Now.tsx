import { ClockIcon } from '../../../kit/icons';
import { serverNow } from '../../../sync';
import type { Attendance } from '../../../sync/agents';
import { useWords } from '../text';
import { sayNow } from './when';
import classes from '../agents.module.css';

/** «Сейчас: открыто до 21:00». */
export function Now({ attendance }: { attendance?: Attendance }) {
  const { t, locale } = useWords();
  if (!attendance) return null;
  return (
    <span className={classes.now} data-open={attendance.open || undefined}>
      <ClockIcon size={16} aria-hidden />
      {t('agents.now', { state: sayNow(attendance, serverNow(), locale, t) })}
    </span>
  );
}
