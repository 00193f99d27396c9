/** One dialog in the list. It re-renders only with its own conversation. */
import { memo, type MouseEvent } from 'react';
import { useText } from '../../../i18n';
import { Avatar, ChannelIcon } from '../../../kit';
import { TransferIcon } from '../../../kit/icons';
import { useConversation, useFace, useTyping, type Conversation } from '../../../sync';
import { useCustomerName } from '../names';
import { freshNote } from '../thread/build';
import { ServiceTimer } from '../ServiceTimer';
import { RowText } from './RowText';
import classes from './list.module.css';

interface Props {
  id: string;
  current: boolean;
  tabbable: boolean;
  place: number;
  total: number;
  onOpen: (id: string) => void;
}

export const DialogRow = memo(function DialogRow({ id, current, tabbable, place, total, onOpen }: Props) {
  const c = useConversation(id);
  const name = useCustomerName();
  const face = useFace(c?.customerId ?? '');
  if (!c) return <div className={classes.row} />;
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onOpen(id);
  };
  return (
    <div role="listitem" aria-setsize={total} aria-posinset={place} className={classes.item}>
      <a
        className={classes.row}
        href={`/work/${encodeURIComponent(id)}`}
        data-id={id}
        data-waits={c.unanswered > 0 || undefined}
        aria-current={current ? 'page' : undefined}
        tabIndex={tabbable ? 0 : -1}
        draggable={false}
        onClick={open}
      >
        <span className={classes.face}>
          <Avatar name={c.customerName} id={c.customerId} size={40} src={face} />
          <span className={classes.channel}>
            <ChannelIcon kind={c.kind} size={14} />
          </span>
        </span>
        <span className={classes.name}>{name(c)}</span>
        <span className={classes.time}>
          <ServiceTimer conversation={c} />
        </span>
        <span className={classes.text}>
          <Below conversation={c} current={current} />
        </span>
        <Badges conversation={c} />
      </a>
    </div>
  );
});

function Below({ conversation, current }: { conversation: Conversation; current: boolean }) {
  const { t } = useText();
  const typing = useTyping(conversation.id);
  if (typing) return <span className={classes.typing}>{t('work.typing')}</span>;
  return <RowText conversation={conversation} current={current} />;
}

function Badges({ conversation }: { conversation: Conversation }) {
  const { t } = useText();
  const note = freshNote(conversation);
  return (
    <span className={classes.badges}>
      {note && <TransferIcon size={16} role="img" aria-label={t('work.row.transferred')} className={classes.mark} />}
      {conversation.unanswered > 0 && (
        <span className={classes.count} role="img" aria-label={t('work.row.unanswered', { count: conversation.unanswered })}>
          {conversation.unanswered > 99 ? '99+' : conversation.unanswered}
        </span>
      )}
    </span>
  );
}
