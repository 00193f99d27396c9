/** One earlier conversation in the list: when, where, with whom, about what. */
import { Badge, Group, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../i18n';
import { ChannelIcon, Failure } from '../../kit';
import { StarFilledIcon } from '../../kit/icons';
import { usePastConversation, type Conversation } from '../../sync';
import { useNames } from '../../sync/names';
import classes from './card.module.css';
import { useAccountName } from './names';

/** Who served it last; empty for nobody. */
export function lastOperator(conversation: Conversation): string {
  const assigned = conversation.items.findLast((item) => item.is === 'happening' && item.happening.kind === 'assigned');
  return assigned?.is === 'happening' ? assigned.happening.operatorId : conversation.operatorId;
}

export function PastRow({ id, onOpen }: { id: string; onOpen: () => void }) {
  const { t } = useText();
  const { conversation, error } = usePastConversation(id);
  if (error) return <Failure problem={error} title={t('card.past.failed')} />;
  if (!conversation) return <Skeleton height={48} my={6} radius="md" role="status" aria-label={t('kit.loading')} />;
  return <Row conversation={conversation} onOpen={onOpen} />;
}

function Row({ conversation, onOpen }: { conversation: Conversation; onOpen: () => void }) {
  const { t, date, time } = useText();
  const names = useNames();
  const operator = names.operator(lastOperator(conversation), t('card.past.nobody'));
  const topic = names.topicPath(conversation.topicId, t('card.past.notopic'));
  const channel = useAccountName()(conversation.accountId, conversation.kind);
  const count = conversation.items.filter((item) => item.is === 'message').length;
  return (
    <UnstyledButton
      className={classes.press}
      w="100%"
      onClick={onOpen}
      data-roving
      data-conversation={conversation.id}
    >
      <ChannelIcon kind={conversation.kind} size={20} plain />
      <div className={classes.grow}>
        <Group gap={8}>
          <Text size="sm" fw={600} className={classes.digits}>{`${date(conversation.openedAt)}, ${time(conversation.openedAt)}`}</Text>
          {conversation.phase !== 'closed' && <Badge size="sm" variant="light" tt="none">{t('card.past.going')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">{[channel, operator, topic].join(' · ')}</Text>
        {conversation.forgottenAt && <Text size="xs" c="dimmed">{t('card.past.gone')}</Text>}
      </div>
      {conversation.rating > 0 && <Rating rating={conversation.rating} />}
      <Text size="xs" c="dimmed" className={classes.digits}>{t('card.past.messages', { count })}</Text>
    </UnstyledButton>
  );
}

function Rating({ rating }: { rating: number }) {
  const { t } = useText();
  return (
    <Group gap={2} wrap="nowrap" role="img" aria-label={t('card.past.rating', { rating })}>
      <StarFilledIcon size={14} style={{ color: 'light-dark(var(--mantine-color-yellow-8), var(--mantine-color-yellow-5))' }} />
      <Text size="xs" className={classes.digits}>{rating}</Text>
    </Group>
  );
}
