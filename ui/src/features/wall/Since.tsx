/** A time that runs. All of them have one clock, and each second nothing else is drawn. */
import { Timer } from '../../kit/Timer';
import { settingsOf, useNow, useWorkplace } from '../../sync';

interface Props {
  at: number;
  label: string;
  /** The center that says how long customers may wait; without it nothing is too long. */
  center?: string;
  icon?: boolean;
}

export function Since({ at, label, center, icon }: Props) {
  const now = useNow();
  const workplace = useWorkplace();
  const minutes = center === undefined ? 0 : settingsOf(workplace, center).timer.minutes;
  return <Timer now={now} since={at} label={label} icon={icon} marks={minutes > 0 ? marksOf(minutes) : undefined} />;
}

/** A minute before the center's time is up, and when it is. */
function marksOf(minutes: number) {
  return [{ seconds: minutes * 60 - 60, tone: 'warning' as const }, { seconds: minutes * 60, tone: 'danger' as const }];
}
