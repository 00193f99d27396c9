/** One answer: its text, files, buttons, conditions and for whom it is. */
import { Text, Textarea, UnstyledButton } from '@mantine/core';
import { memo, useId, useMemo, useState } from 'react';
import { ConfirmDialog } from '../../../kit';
import { ChevronDownIcon, ChevronRightIcon } from '../../../kit/icons';
import { useWorkplace } from '../../../sync';
import type { Answer } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { start, type Names } from '../facts';
import { RowButtons } from '../record/RowButtons';
import { redirectOf } from '../redirect';
import { useWords } from '../text';
import { AccessFold } from './AccessFold';
import { Buttons } from './Buttons';
import { ConditionsFold } from './ConditionsFold';
import { Files } from './Files';
import classes from '../knowledge.module.css';

interface Props {
  answer: Answer;
  at: number;
  count: number;
  wrong: Wrong;
  slotIds: readonly string[];
  names: Names;
  /** It was made a moment ago: one writes in it. */
  focused: boolean;
  change: (id: string, to: (answer: Answer) => Answer) => void;
  remove: (id: string) => void;
  move: (id: string, by: -1 | 1) => void;
  counts: (by: number) => void;
}

export const AnswerCard = memo(function AnswerCard({ answer, at, count, wrong, slotIds, names, focused, change, remove, move, counts }: Props) {
  const { t } = useWords();
  const id = useId();
  const [folded, fold] = useState(false);
  const path = `answers.${at}`;
  const mine = Object.keys(wrong).some((field) => field.startsWith(`${path}.`));
  const shown = !folded || mine;
  const name = t('kb.answer.number', { number: at + 1 });
  const set = useMemo(() => {
    const of = <K extends keyof Answer>(field: K) => (to: (value: Answer[K]) => Answer[K]) => change(answer.answerId, (a) => ({ ...a, [field]: to(a[field]) }));
    return { text: of('text'), files: of('attachments'), buttons: of('buttons'), conditions: of('conditions'), audience: of('audience') };
  }, [answer.answerId, change]);
  const Icon = shown ? ChevronDownIcon : ChevronRightIcon;
  return (
    <div className={classes.answer} role="group" aria-label={name}>
      <div className={classes.answerHead}>
        <UnstyledButton className={classes.fold} aria-expanded={shown} aria-controls={id} onClick={() => fold(shown)}>
          <Icon size={16} aria-hidden />
          <span className={classes.innerTitle}>{name}</span>
          {!shown && <span className={classes.summary}>{start(answer.text, 80)}</span>}
        </UnstyledButton>
        <Ends answer={answer} at={at} count={count} remove={remove} move={move} />
      </div>
      <div id={id} hidden={!shown} className={classes.answerBody}>
        {shown && (
          <>
            <Textarea
              label={t('kb.answer.text')} autosize minRows={3} maxRows={20} value={answer.text} error={wrong[`${path}.text`]} autoFocus={focused}
              description={<Redirect text={answer.text} />} inputWrapperOrder={['label', 'input', 'error', 'description']}
              onChange={(e) => {
                const text = e.currentTarget.value;
                set.text(() => text);
              }}
            />
            <Files value={answer.attachments} onChange={set.files} counts={counts} />
            <Buttons value={answer.buttons} onChange={set.buttons} wrong={wrong} path={`${path}.buttons`} />
            <ConditionsFold value={answer.conditions} onChange={set.conditions} slotIds={slotIds} wrong={wrong} path={`${path}.conditions`} names={names} />
            <AccessFold value={answer.audience} onChange={set.audience} names={names} />
          </>
        )}
      </div>
    </div>
  );
});

/** Up, down and away. What holds nothing goes without a question. */
function Ends({ answer, at, count, remove, move }: Pick<Props, 'answer' | 'at' | 'count' | 'remove' | 'move'>) {
  const { t } = useWords();
  const [asked, ask] = useState(false);
  const number = at + 1;
  const { answerId, text, attachments, buttons } = answer;
  const empty = text.trim() === '' && attachments.length + buttons.length === 0;
  return (
    <>
      <RowButtons
        name={t('kb.answer.number', { number })} first={at === 0} last={at === count - 1} onMove={(by) => move(answerId, by)}
        take={`${t('kb.delete')}: ${t('kb.answer.number', { number })}`} onTake={() => (empty ? remove(answerId) : ask(true))}
      />
      <ConfirmDialog
        opened={asked} danger title={t('kb.answer.delete.title', { number })} text={t('kb.answer.delete.text')} confirm={t('kb.delete')}
        onCancel={() => ask(false)} onConfirm={() => remove(answerId)}
      />
    </>
  );
}

/** What a command instead of a text does. */
function Redirect({ text }: { text: string }) {
  const { t } = useWords();
  const { agents } = useWorkplace();
  const agent = redirectOf(text);
  if (agent === undefined) return null;
  const known = agents.find((a) => a.agentId === agent);
  const said = agent === '' ? t('kb.answer.redirect.queue') : t('kb.answer.redirect', { agent: known?.name ?? agent });
  return <Text span size="xs" c="brand">{said}</Text>;
}
