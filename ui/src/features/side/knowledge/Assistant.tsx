/** «Интеллектуальный помощник»: what may answer the customer's last message, and how likely it is. */
import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { complain, Hint } from '../../../kit';
import { CloseIcon, SendIcon } from '../../../kit/icons';
import { desk, useAssistance, useConversation, type Assistance, type Assisted, type Choice, type Conversation } from '../../../sync';
import { AnswerBody } from './AnswerBody';
import classes from './knowledge.module.css';
import type { Insert } from './insert';
import { useRefusal } from './refusals';

/** What is less likely than this, in percent, is not worth the room. */
const WORTH = 5;

/** It says nothing while there is nothing to say. */
export function Assistant({ conversationId, onInsert }: { conversationId: string; onInsert: Insert }) {
  const { t } = useText();
  const conversation = useConversation(conversationId);
  const about = conversation?.phase === 'served' && !conversation.survey ? lastQuestion(conversation) : '';
  const [rejected, setRejected] = useState<readonly string[]>([]);
  const assistance = useAssistance(conversationId, about);
  const shown = assistance?.items.filter((each) => each.percent >= WORTH && !rejected.includes(key(assistance, each))) ?? [];
  if (!assistance || shown.length === 0) return null;
  return (
    <section className={classes.assistant} aria-label={t('side.assistant')}>
      <h2>{t('side.assistant')}</h2>
      <ol className={classes.suggestions}>
        {shown.map((each) => (
          <Suggestion
            key={each.articleId} conversation={conversationId} assistance={assistance} item={each} onInsert={onInsert}
            onRejected={() => setRejected((before) => [...before, key(assistance, each)])}
          />
        ))}
      </ol>
    </section>
  );
}

function key(a: Assistance, item: Assisted): string {
  return `${a.about}/${item.articleId}`;
}

/** The customer's last message that nobody has answered, if it says anything. */
export function lastQuestion(c: Conversation): string {
  if (c.unanswered === 0) return '';
  const last = c.items.findLast((item) => item.is === 'message' && item.message.from === 'customer' && !item.message.automatic);
  return last?.is === 'message' && last.message.content.text.trim() !== '' ? last.message.id : '';
}

interface SuggestionProps {
  conversation: string;
  assistance: Assistance;
  item: Assisted;
  onInsert: Insert;
  onRejected: () => void;
}

function Suggestion({ conversation, assistance, item, onInsert, onRejected }: SuggestionProps) {
  const { t } = useText();
  const reason = useRefusal();
  const [busy, setBusy] = useState(false);
  const choice = choiceOf(assistance, item);
  const answer = item.answers[0];
  const send = () => {
    setBusy(true);
    desk.present(conversation, item.articleId, { choice }).catch((p: unknown) => complain(reason(p))).finally(() => setBusy(false));
  };
  const reject = () => {
    onRejected();
    desk.reject(conversation, assistance.about, item.articleId).catch((p: unknown) => complain(reason(p)));
  };
  return (
    <li className={classes.suggestion}>
      <Group gap={8} wrap="nowrap" justify="space-between" align="flex-start">
        <Text size="sm" fw={600} className={classes.name}>{item.title}</Text>
        <Text size="sm" className={classes.percent} aria-label={t('side.assistant.sure', { percent: item.percent })}>{item.percent} %</Text>
      </Group>
      {answer && !item.survey && <AnswerBody answer={answer} short />}
      <Group gap={6} mt={6}>
        <Button size="compact-sm" leftSection={<SendIcon size={14} />} onClick={send} loading={busy}>
          {t(item.survey ? 'side.kb.survey' : 'side.kb.send')}
        </Button>
        {!item.survey && answer && (
          <Button size="compact-sm" variant="default" onClick={() => onInsert(answer.text, { choice: { ...choice, answerId: answer.id }, attachments: answer.attachments })}>
            {t('side.kb.insert')}
          </Button>
        )}
        <Hint label={t('side.assistant.reject')}>
          <ActionIcon variant="subtle" color="gray" size={26} ml="auto" aria-label={t('side.assistant.reject.of', { title: item.title })} onClick={reject}>
            <CloseIcon size={16} />
          </ActionIcon>
        </Hint>
      </Group>
    </li>
  );
}

function choiceOf(a: Assistance, item: Assisted): Choice {
  return {
    about: a.about, articleId: item.articleId, rank: a.items.indexOf(item) + 1, probability: item.probability,
    shown: a.items.map((each) => each.articleId),
  };
}
