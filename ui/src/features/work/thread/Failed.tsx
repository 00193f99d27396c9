/** A message that did not go out: why, and what can be done by who keeps the conversation. */
import { Button } from '@mantine/core';
import { useText } from '../../../i18n';
import { inRussian } from '../../../i18n/sentences';
import { complain, useReason } from '../../../kit';
import { DeleteIcon, RefreshIcon } from '../../../kit/icons';
import { desk, useConversation, type Message } from '../../../sync';
import classes from './thread.module.css';

export default function Failed({ conversationId, message }: { conversationId: string; message: Message }) {
  const { t, locale } = useText();
  const why = locale === 'ru' ? inRussian(message.reason) : message.reason;
  const reason = useReason();
  const mine = useConversation(conversationId) !== undefined;
  const retry = () => {
    desk.retry(conversationId, message.id).catch((problem: unknown) => complain(reason(problem)));
  };
  return (
    <div className={classes.failed}>
      <span>{why || t(message.state === 'uncertain' ? 'work.failed.uncertain' : 'work.failed.unknown')}</span>
      {mine && (
        <>
          <Button size="compact-xs" variant="light" color="red" leftSection={<RefreshIcon size={14} aria-hidden />} onClick={retry}>
            {t('work.failed.retry')}
          </Button>
          {message.state === 'failed' && (
            <Button
              size="compact-xs" variant="subtle" color="red" leftSection={<DeleteIcon size={14} aria-hidden />}
              onClick={() => desk.discard(conversationId, message.id)}
            >
              {t('work.failed.discard')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
