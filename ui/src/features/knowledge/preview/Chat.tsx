/** An article played as a conversation: questions are answered, buttons pressed. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { articles, knowledgeFileURL, useEntry, type Answer, type Article, type ArticleButton, type KnowledgeFile, type Slot } from '../../../sync/knowledge';
import type { Known } from '../conditions';
import { redirectOf } from '../redirect';
import { useWords } from '../text';
import { play } from '../tryout';
import { useNames, useSlotList } from '../useNames';
import { Input } from './Input';
import classes from '../knowledge.module.css';

const nothing: Known = new Map();

export function Chat({ article }: { article: Article }) {
  const { t } = useWords();
  const names = useNames();
  const slots = useSlotList().map((s) => s.value);
  const [entered, enter] = useState(nothing);
  const [draw, setDraw] = useState(0);
  const [pressed, press] = useState<ArticleButton>();
  const { said, asks, answers } = play(article, slots, entered, draw);
  const again = () => {
    enter(nothing);
    setDraw(draw + 1);
    press(undefined);
  };
  return (
    <div className={classes.chat}>
      {said.map(({ slot, value }) => (
        <div key={slot.slotId} className={classes.turns}>
          <Ours text={slot.question.text} files={slot.question.attachments} />
          <Theirs text={names.value(slot.slotId, value)} />
        </div>
      ))}
      {asks && <Asked key={asks.slotId} slot={asks} onAnswer={(value) => enter(new Map([...entered, [asks.slotId, value]]))} />}
      {answers.map((answer) => <Given key={answer.answerId} answer={answer} onPress={press} />)}
      {!asks && answers.length === 0 && <Text size="sm" c="dimmed">{t('kb.preview.silent')}</Text>}
      {pressed && <Theirs text={pressed.caption} />}
      {pressed && <Next key={pressed.articleId} id={pressed.articleId} />}
      {(said.length > 0 || pressed || article.policy === 'RANDOM_ANSWER') && (
        <Button size="compact-sm" variant="subtle" className={classes.again} onClick={again}>{t('kb.preview.again')}</Button>
      )}
    </div>
  );
}

/** The article that a button leads to. */
function Next({ id }: { id: string }) {
  const { data } = useEntry(articles, id);
  return data ? <Chat article={data.value} /> : null;
}

function Asked({ slot, onAnswer }: { slot: Slot; onAnswer: (value: string) => void }) {
  return (
    <div className={classes.turns}>
      <Ours text={slot.question.text} files={slot.question.attachments} />
      <Input slot={slot} onAnswer={onAnswer} />
    </div>
  );
}

function Given({ answer, onPress }: { answer: Answer; onPress: (button: ArticleButton) => void }) {
  const { t } = useWords();
  if (redirectOf(answer.text) !== undefined) return <Text size="sm" c="dimmed">{t('kb.preview.queue')}</Text>;
  return (
    <div className={classes.turns}>
      <Ours text={answer.text} files={answer.attachments} />
      {answer.buttons.length > 0 && (
        <div className={classes.choices}>
          {answer.buttons.map((button, i) => (
            <Button key={i} size="compact-sm" variant="outline" disabled={!button.articleId} onClick={() => onPress(button)}>{button.caption || '…'}</Button>
          ))}
        </div>
      )}
    </div>
  );
}

function Ours({ text, files }: { text: string; files: readonly KnowledgeFile[] }) {
  const { t } = useWords();
  if (!text && files.length === 0) return null;
  return (
    <div className={classes.ours}>
      {text}
      {files.map((file) =>
        file.blob && file.mime.startsWith('image/') ? (
          <img key={file.attachmentId} src={knowledgeFileURL(file)} alt={file.name} />
        ) : (
          <span key={file.attachmentId} className={classes.file}>📎 {file.name || t('kb.preview.link')}</span>
        ),
      )}
    </div>
  );
}

function Theirs({ text }: { text: string }) {
  return <div className={classes.theirs}>{text}</div>;
}
