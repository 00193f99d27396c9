/** One message. */
import { lazy, memo, Suspense } from 'react';
import { useText, type Key } from '../../../i18n';
import { ChannelIcon } from '../../../kit';
import { AgentIcon, ClockIcon } from '../../../kit/icons';
import type { Conversation, Message } from '../../../sync';
import { useNames } from '../../../sync/names';
import { useAuthorName } from '../names';
import { Content } from './Content';
import { StateMark } from './StateMark';
import classes from './thread.module.css';

/** Hardly any message fails. */
const Failed = lazy(() => import('./Failed'));

interface Props {
  message: Message;
  first: boolean;
  last: boolean;
  conversation: Conversation;
  past: boolean;
}

export const Bubble = memo(
  function Bubble({ message, first, last, conversation, past }: Props) {
    const { t, dateTime } = useText();
    const failed = message.state === 'failed' || message.state === 'uncertain';
    return (
      <article className={classes.line} data-from={message.from} data-first={first || undefined} data-last={last || undefined}>
        {first && <Author message={message} conversation={conversation} />}
        <div className={classes.bubble} data-failed={failed || undefined} data-queued={message.state === 'queued' || undefined}>
          <Content message={message} />
        </div>
        {(message.late || message.writtenAt) && (
          <span className={classes.late}>
            <ClockIcon size={14} aria-hidden /> {message.writtenAt ? t('work.late.written', { at: dateTime(message.writtenAt) }) : t('work.late')}
          </span>
        )}
        {message.changed && <span className={classes.late}>{t(`work.${message.changed}`)}</span>}
        <Foot message={message} conversation={conversation} />
        {failed && !past && (
          <Suspense fallback={null}>
            <Failed conversationId={conversation.id} message={message} />
          </Suspense>
        )}
      </article>
    );
  },
  // Of its conversation a message shows only the customer and the channel.
  (a, b) =>
    a.message === b.message && a.first === b.first && a.last === b.last && a.past === b.past &&
    a.conversation.id === b.conversation.id && a.conversation.customerName === b.conversation.customerName,
);

const purposes: Record<string, Key> = {
  HOLD_REPLY: 'work.purpose.hold',
  AUTO_HOLD: 'work.purpose.autoHold',
  REMINDER: 'work.purpose.reminder',
  SILENCE_MESSAGE: 'work.purpose.silence',
  DETACH_NOTICE: 'work.purpose.detach',
  CLOSE_NOTICE: 'work.purpose.close',
  JOIN_NOTICE: 'work.purpose.join',
  PHONE_REQUEST: 'work.purpose.phone',
};

function Author({ message, conversation }: { message: Message; conversation: Conversation }) {
  const { t } = useText();
  const name = useAuthorName();
  const purpose = purposes[message.purpose];
  return (
    <div className={classes.author}>
      {message.from === 'agent' && <AgentIcon size={14} aria-hidden />}
      <span>{name(message, conversation)}</span>
      {purpose && <span className={classes.purpose}>{t(purpose)}</span>}
    </div>
  );
}

function Foot({ message, conversation }: { message: Message; conversation: Conversation }) {
  const { t, time } = useText();
  const kind = useNames().accountOf(message.accountId)?.kind ?? conversation.kind;
  return (
    <div className={classes.foot}>
      <ChannelIcon kind={kind} size={14} />
      <time dateTime={new Date(message.at).toISOString()}>{time(message.at)}</time>
      {message.automatic && <span>{t('work.automatic')}</span>}
      {message.state && <StateMark state={message.state} />}
    </div>
  );
}
