import { useText } from '../../../i18n';
import { useTyping } from '../../../sync';
import classes from './thread.module.css';

/** The customer is typing. The line has its place always, so that nothing jumps. */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const { t } = useText();
  const typing = useTyping(conversationId);
  return <div className={classes.typing}>{typing && t('work.typing')}</div>;
}
