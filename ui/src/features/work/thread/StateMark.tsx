/** How far a message has come: a sign and a word. */
import { useText } from '../../../i18n';
import { CheckIcon, ChecksIcon, FailedIcon, HelpIcon, QueuedIcon } from '../../../kit/icons';
import type { SendState } from '../../../sync';
import classes from './thread.module.css';

const icons = { queued: QueuedIcon, sent: CheckIcon, delivered: ChecksIcon, read: ChecksIcon, failed: FailedIcon, uncertain: HelpIcon };

export function StateMark({ state }: { state: SendState }) {
  const { t } = useText();
  const Icon = icons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={14} aria-hidden />
      {t(`work.state.${state}`)}
    </span>
  );
}
