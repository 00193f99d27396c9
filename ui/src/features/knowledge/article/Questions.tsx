/** «Когда пользователь спрашивает»: Enter adds a row, and several pasted lines are several rows. */
import { ActionIcon, TextInput } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { Hint } from '../../../kit';
import { AddIcon } from '../../../kit/icons';
import { linesOf, replaced, without } from '../../../kit/lists';
import { RowButtons } from '../record/RowButtons';
import { Section } from '../record/Section';
import { useWords } from '../text';
import type { FieldProps } from './ArticleEditor';
import classes from '../knowledge.module.css';

export const Questions = memo(function Questions({ value, onChange }: FieldProps<'questions'>) {
  const { t } = useWords();
  const fresh = useRef<HTMLInputElement>(null);
  const set = (at: number, text: string) => onChange((all) => replaced(all, at, text));
  const leave = (at: number, text: string) => {
    if (text.trim() === '') onChange((all) => without(all, at));
    else if (text !== text.trim()) set(at, text.trim());
  };
  const take = (at: number) => {
    onChange((all) => without(all, at));
    fresh.current?.focus();
  };
  return (
    <Section title={t('kb.questions')} hint={t('kb.questions.hint')}>
      {value.length > 0 && (
        <ol className={classes.list}>
          {value.map((question, at) => (
            // A row stays the same while it is written in.
            <li key={at} className={classes.listRow}>
              <TextInput
                className={classes.grow} aria-label={t('kb.question.number', { number: at + 1 })} value={question}
                onChange={(e) => set(at, e.currentTarget.value)} onBlur={(e) => leave(at, e.currentTarget.value)}
                onKeyDown={(e) => {
                  if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
                  e.preventDefault();
                  fresh.current?.focus();
                }}
              />
              <RowButtons name={question} take={t('kb.question.delete', { text: question })} onTake={() => take(at)} />
            </li>
          ))}
        </ol>
      )}
      <NewQuestion field={fresh} there={value} onAdd={(lines) => onChange((all) => [...all, ...lines])} />
    </Section>
  );
});

interface NewProps {
  field: React.RefObject<HTMLInputElement | null>;
  there: readonly string[];
  onAdd: (lines: string[]) => void;
}

function NewQuestion({ field, there, onAdd }: NewProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const known = text.trim() !== '' && linesOf(text, there).length === 0;
  const add = () => {
    const lines = linesOf(text, there);
    if (lines.length === 0) return;
    onAdd(lines);
    setText('');
    field.current?.focus();
  };
  return (
    <div className={classes.listRow}>
      <TextInput
        ref={field} className={classes.grow} aria-label={t('kb.question.new')} placeholder={t('kb.question.placeholder')} value={text}
        error={known && t('kb.question.there')} onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
          e.preventDefault();
          add();
        }}
        onPaste={(e) => {
          const pasted = e.clipboardData.getData('text');
          if (!/\n/.test(pasted.trim())) return;
          e.preventDefault();
          onAdd(linesOf(pasted, there));
        }}
      />
      <Hint label={t('kb.question.add')}>
        <ActionIcon variant="light" size={36} aria-label={t('kb.question.add')} disabled={text.trim() === '' || known} onClick={add}>
          <AddIcon size={18} aria-hidden />
        </ActionIcon>
      </Hint>
    </div>
  );
}
