/**
 * A time that runs. It has no clock of its own: the page's one ticker gives it
 * `now`. The tone is told by a sign and a label too, never by colour alone.
 */
import { useText } from '../i18n';
import { clock, toneGone, toneLeft, usualMarks, type Mark, type Tone } from './clock';
import { AlarmIcon, ClockIcon } from './icons';
import classes from './Timer.module.css';

interface Props {
  now: number;
  /** When it runs out; or… */
  due?: number;
  /** …since when it runs. */
  since?: number;
  marks?: readonly Mark[];
  /** What is measured, for those who hear the page. */
  label?: string;
  /** Shows a clock before the digits in the neutral tone too. */
  icon?: boolean;
}

export function Timer({ now, due, since, marks, label, icon = false }: Props) {
  const { t, duration } = useText();
  const counts = due !== undefined;
  const ms = counts ? due - now : Math.max(0, now - (since ?? now));
  const tone: Tone = counts ? toneLeft(ms, marks ?? usualMarks) : toneGone(ms, marks ?? []);
  const said = counts ? t(ms < 0 ? 'kit.timer.over' : 'kit.timer.left', { time: duration(Math.abs(ms)) }) : duration(ms);
  return (
    <span className={classes.timer} data-tone={tone} role="timer" aria-live="off" aria-label={label ? `${label}: ${said}` : said}>
      {sign(tone, icon)}
      {clock(ms)}
    </span>
  );
}

function sign(tone: Tone, icon: boolean) {
  if (tone === 'danger') return <AlarmIcon size={14} aria-hidden />;
  if (tone === 'warning') return <ClockIcon size={14} aria-hidden />;
  return icon ? <ClockIcon size={14} aria-hidden /> : null;
}
