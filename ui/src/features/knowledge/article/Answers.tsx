/** The answers of an article, one card each. */
import { Button } from '@mantine/core';
import { memo, useCallback, useRef } from 'react';
import { AddIcon } from '../../../kit/icons';
import { newId } from '../../../sync';
import { emptyAnswer, type Answer } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import type { Names } from '../facts';
import { moved, without } from '../../../kit/lists';
import { Section } from '../record/Section';
import { useWords } from '../text';
import { AnswerCard } from './AnswerCard';
import type { FieldProps } from './ArticleEditor';

interface Props extends FieldProps<'answers'> {
  slotIds: readonly string[];
  wrong: Wrong;
  names: Names;
  /** One more file is on its way, or one less. */
  counts: (by: number) => void;
}

export const Answers = memo(function Answers({ value, onChange, slotIds, wrong, names, counts }: Props) {
  const { t } = useWords();
  const made = useRef('');
  const change = useCallback((id: string, to: (answer: Answer) => Answer) => onChange((all) => all.map((a) => (a.answerId === id ? to(a) : a))), [onChange]);
  const remove = useCallback((id: string) => onChange((all) => without(all, all.findIndex((a) => a.answerId === id))), [onChange]);
  const move = useCallback((id: string, by: -1 | 1) => onChange((all) => moved(all, all.findIndex((a) => a.answerId === id), by)), [onChange]);
  const add = () => {
    made.current = newId();
    onChange((all) => [...all, { ...emptyAnswer, answerId: made.current }]);
  };
  return (
    <Section
      title={t('kb.answers')}
      action={<Button size="compact-sm" variant="light" leftSection={<AddIcon size={16} aria-hidden />} onClick={add}>{t('kb.answer.add')}</Button>}
    >
      {value.map((answer, at) => (
        <AnswerCard
          key={answer.answerId} answer={answer} at={at} count={value.length} wrong={wrong} slotIds={slotIds} names={names} focused={answer.answerId === made.current}
          change={change} remove={remove} move={move} counts={counts}
        />
      ))}
    </Section>
  );
});
