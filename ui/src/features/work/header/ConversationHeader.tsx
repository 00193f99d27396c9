/** Above the dialog: who it is with, for how long, what about, and where it can go. */
import { ActionIcon, Badge, Button } from '@mantine/core';
import { memo } from 'react';
import { useText } from '../../../i18n';
import { Avatar, ChannelIcon, Hint, useChannelName } from '../../../kit';
import { ArrowLeftIcon, FinishIcon, MessageIcon, PanelCloseIcon, PanelOpenIcon, TransferIcon } from '../../../kit/icons';
import { useFace, useSession, type Conversation } from '../../../sync';
import { useNames } from '../../../sync/names';
import { useCustomerName } from '../names';
import { Lasted, Waiting } from '../ServiceTimer';
import { TopicButton } from '../topics/TopicButton';
import type { Acts } from '../useActs';
import { MoreMenu } from './MoreMenu';
import classes from './header.module.css';

interface Props {
  conversation: Conversation;
  /** The operator keeps it: otherwise it can only be read. */
  mine: boolean;
  acts: Acts;
  panelOpen: boolean;
  onPanel?: () => void;
  /** Back to the list, where there is room for one pane only. */
  onBack?: () => void;
}

export function ConversationHeader({ conversation, mine, acts, panelOpen, onPanel, onBack }: Props) {
  const { t } = useText();
  return (
    <header className={classes.header}>
      {onBack && (
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('work.back')} onClick={onBack}>
          <ArrowLeftIcon size={20} aria-hidden />
        </ActionIcon>
      )}
      <Avatar name={conversation.customerName} id={conversation.customerId} size={40} src={useFace(conversation.customerId)} />
      <Who conversation={conversation} mine={mine} acts={acts} />
      {mine && <Buttons show={acts.show} />}
      <MoreMenu show={acts.show} mine={mine} />
      {onPanel && <PanelButton open={panelOpen} onToggle={onPanel} />}
    </header>
  );
}

function Who({ conversation, mine, acts }: Pick<Props, 'conversation' | 'mine' | 'acts'>) {
  const { t } = useText();
  const name = useCustomerName();
  const account = useNames().accountOf(conversation.accountId);
  const channel = useChannelName()(conversation.kind);
  return (
    <div className={classes.who}>
      <h2 className={classes.name}>
        <span>{name(conversation)}</span>
        {conversation.test && <Badge size="sm" color="gray" variant="light">{t('work.test')}</Badge>}
      </h2>
      <div className={classes.facts}>
        <ChannelIcon kind={conversation.kind} plain size={14} />
        <span className={classes.account}>{account?.name || channel}</span>
        <Hint label={t('work.lasted')}>
          <span>
            <Lasted since={conversation.openedAt} until={conversation.closedAt} />
          </span>
        </Hint>
        {conversation.unanswered > 0 && (
          <Hint label={t('work.waits')}>
            <span className={classes.waits}>
              <MessageIcon size={14} aria-hidden />
              <Waiting conversation={conversation} />
            </span>
          </Hint>
        )}
        {mine && (
          <TopicButton conversationId={conversation.id} topicId={conversation.topicId} opened={acts.open === 'topic'} onOpen={(o) => acts.show(o ? 'topic' : null)} />
        )}
      </div>
    </div>
  );
}

const Buttons = memo(function Buttons({ show }: { show: Acts['show'] }) {
  const { t } = useText();
  const { may } = useSession();
  return (
    <>
      {may('view_reroute_btn') && (
        <Hint label={t('work.transfer')} command="work.transfer">
          <Button className={classes.act} variant="default" leftSection={<TransferIcon size={18} aria-hidden />} onClick={() => show('transfer')} aria-label={t('work.transfer')}>
            <span className={classes.actText}>{t('work.transfer')}</span>
          </Button>
        </Hint>
      )}
      <Hint label={t('work.close')} command="work.close">
        <Button className={classes.act} variant="light" leftSection={<FinishIcon size={18} aria-hidden />} onClick={() => show('close')} aria-label={t('work.close')}>
          <span className={classes.actText}>{t('work.close')}</span>
        </Button>
      </Hint>
    </>
  );
});

const PanelButton = memo(function PanelButton({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const { t } = useText();
  const label = t(open ? 'work.panel.close' : 'work.panel.open');
  const Icon = open ? PanelCloseIcon : PanelOpenIcon;
  return (
    <Hint label={label} command="work.panel">
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} aria-expanded={open} onClick={onToggle}>
        <Icon size={20} aria-hidden />
      </ActionIcon>
    </Hint>
  );
});
