import { useText } from '../../../i18n';
import { ArrowDownIcon } from '../../../kit/icons';
import classes from './thread.module.css';

/** Back to the end of the thread, and how much is new there. */
export function JumpDown({ count, onJump }: { count: number; onJump: () => void }) {
  const { t } = useText();
  return (
    <button type="button" className={classes.jump} data-fresh={count > 0 || undefined} onClick={onJump}>
      <ArrowDownIcon size={16} aria-hidden />
      {count > 0 ? t('work.jump.new', { count }) : t('work.jump')}
    </button>
  );
}
