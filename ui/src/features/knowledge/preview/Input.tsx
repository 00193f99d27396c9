/** What a customer answers a question with: a button of the dictionary, or words that the server reads. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { complain } from '../../../kit';
import { problemOf } from '../../../sync';
import { trySlot, type Slot } from '../../../sync/knowledge';
import { useOurReason } from '../sentences';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

interface Props {
  slot: Slot;
  onAnswer: (value: string) => void;
}

export function Input({ slot, onAnswer }: Props) {
  if (slot.type !== 'DICTIONARY') return <Written slot={slot} onAnswer={onAnswer} />;
  return (
    <div className={classes.choices}>
      {slot.entries.map((entry, i) => (
        <Button key={i} size="compact-sm" variant="outline" onClick={() => onAnswer(entry.id)}>{entry.caption}</Button>
      ))}
    </div>
  );
}

function Written({ slot, onAnswer }: Props) {
  const { t } = useWords();
  const reason = useOurReason();
  const [text, setText] = useState('');
  const [mistaken, setMistaken] = useState(false);
  const answer = async () => {
    try {
      const { ok, value } = await trySlot(slot, text);
      if (ok) onAnswer(value);
      else setMistaken(true);
    } catch (thrown) {
      complain(reason(problemOf(thrown)));
    }
  };
  return (
    <>
      {mistaken && <Text size="sm" c="var(--mantine-color-error)" role="status">{slot.explanation || t('kb.slot.try.none')}</Text>}
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs" className={classes.grow} aria-label={t('kb.preview.answer')} placeholder={t('kb.preview.answer')} value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
            setMistaken(false);
          }}
          onKeyDown={(e) => {
            if (e.key !== 'Enter') return;
            e.preventDefault();
            void answer();
          }}
        />
        <Button size="xs" variant="default" disabled={text.trim() === ''} onClick={() => void answer()}>{t('kb.preview.send')}</Button>
      </Group>
    </>
  );
}
