/** The conversation's topic in the header, and the way to change it. */
import { UnstyledButton } from '@mantine/core';
import { useText } from '../../../i18n';
import { complain, hinted, offerUndo, useReason } from '../../../kit';
import { EditIcon } from '../../../kit/icons';
import { desk } from '../../../sync';
import { useNames } from '../../../sync/names';
import { TopicPicker } from './TopicPicker';
import classes from '../header/header.module.css';

interface Props {
  conversationId: string;
  topicId: string;
  opened: boolean;
  onOpen: (opened: boolean) => void;
}

export function TopicButton({ conversationId, topicId, opened, onOpen }: Props) {
  const { t } = useText();
  const set = useSetTopic(conversationId);
  const path = useNames().topicPath(topicId, '');
  return (
    <TopicPicker value={topicId} opened={opened} onOpen={onOpen} onChange={(id) => id !== topicId && set(id, topicId)}>
      <UnstyledButton
        className={classes.topic} aria-label={`${t('work.topic')}: ${path || t('work.topic.unset')}`}
        aria-haspopup="listbox" aria-expanded={opened} onClick={() => onOpen(!opened)}
        {...(opened ? {} : hinted(t('work.topic.edit'), 'work.topic'))}
      >
        <EditIcon size={16} aria-hidden />
        <span className={classes.topicName}>{path || t('work.topic.unset')}</span>
      </UnstyledButton>
    </TopicPicker>
  );
}

/** Sets a topic and offers the one before. */
function useSetTopic(conversationId: string) {
  const { t } = useText();
  const reason = useReason();
  const { topicPath } = useNames();
  const put = (id: string) => desk.setTopic(conversationId, id).catch((problem: unknown) => complain(reason(problem)));
  return (id: string, before: string) => {
    void put(id);
    const said = id ? t('work.topic.set', { name: topicPath(id) }) : t('work.topic.cleared');
    offerUndo(said, t('kit.undo'), () => void put(before));
  };
}
