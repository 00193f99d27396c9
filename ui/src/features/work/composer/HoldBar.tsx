/** What goes to the customer by itself, when, and the way to stop it. */
import { Button } from '@mantine/core';
import { useText } from '../../../i18n';
import { complain, Timer, useReason } from '../../../kit';
import { HoldIcon } from '../../../kit/icons';
import { desk, useNow, type Hold } from '../../../sync';
import classes from './composer.module.css';

export function HoldBar({ conversationId, hold }: { conversationId: string; hold: Hold }) {
  const { t } = useText();
  const reason = useReason();
  const cancel = () => {
    desk.cancelHold(conversationId).catch((problem: unknown) => complain(reason(problem)));
  };
  return (
    <div className={classes.hold}>
      <HoldIcon size={18} aria-hidden />
      <Left due={hold.due} />
      <span className={classes.holdText} title={hold.text}>
        {t('work.hold.text', { text: hold.text })}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={cancel}>
        {t('work.hold.cancel')}
      </Button>
    </div>
  );
}

function Left({ due }: { due: number }) {
  const { t } = useText();
  const now = useNow();
  return <Timer now={now} due={Math.max(due, now)} marks={[]} label={t('work.hold.in')} />;
}
