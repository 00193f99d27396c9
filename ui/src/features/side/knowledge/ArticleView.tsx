/** An article with the answers that may be given here. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { complain, Failure, Lines } from '../../../kit';
import { SendIcon } from '../../../kit/icons';
import { desk, useConversation, useReadArticle, type Choice, type FoundAnswer } from '../../../sync';
import { AnswerBody } from './AnswerBody';
import { lastQuestion } from './Assistant';
import type { Insert } from './insert';
import classes from './knowledge.module.css';
import { useRefusal } from './refusals';

export function ArticleView({ id, conversationId, onInsert }: { id: string; conversationId: string; onInsert: Insert }) {
  const { t } = useText();
  const reason = useRefusal();
  const [busy, setBusy] = useState(false);
  const { data: article, error, refetch } = useReadArticle(id, conversationId);
  const conversation = useConversation(conversationId);
  const about = conversation ? lastQuestion(conversation) : '';
  const mine = conversation?.phase === 'served';
  if (error) return <div className={classes.found}><Failure problem={error} title={t('side.kb.failed')} retry={() => void refetch()} /></div>;
  if (!article) return <div className={classes.found}><Lines rows={6} /></div>;
  const choice: Choice = { about, articleId: id, rank: 0, probability: 0, shown: [] };
  const give = (answer?: FoundAnswer) => {
    setBusy(true);
    desk.present(conversationId, id, { answerId: answer?.id, choice: about ? { ...choice, answerId: answer?.id } : undefined })
      .catch((problem: unknown) => complain(reason(problem))).finally(() => setBusy(false));
  };
  const put = (answer: FoundAnswer) => onInsert(answer.text, { choice: { ...choice, answerId: answer.id }, attachments: answer.attachments });
  return (
    <article className={classes.found} aria-label={article.title}>
      <Text className={classes.answer} fw={600}>{article.title}</Text>
      {article.survey && (
        <Button m={8} size="compact-sm" leftSection={<SendIcon size={14} />} onClick={() => give()} disabled={!mine} loading={busy}>{t('side.kb.survey')}</Button>
      )}
      {article.answers.map((answer) => (
        <section key={answer.id} className={classes.answer}>
          <AnswerBody answer={answer} />
          {!article.survey && mine && (
            <Group gap={6} mt={6}>
              <Button size="compact-sm" leftSection={<SendIcon size={14} />} onClick={() => give(answer)} loading={busy}>{t('side.kb.send')}</Button>
              <Button size="compact-sm" variant="default" onClick={() => put(answer)}>{t('side.kb.insert')}</Button>
            </Group>
          )}
        </section>
      ))}
    </article>
  );
}
