/** One step: its number or a tick, what is there already, and its form when it is open. */
import { Paper, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from './text';
import { CheckIcon, ChevronDownIcon } from '../../kit/icons';
import { isDone, steps, type Begun, type StepName } from './kept';
import { useSummary } from './summary';
import classes from './welcome.module.css';

interface Props {
  name: StepName;
  begun: Begun;
  open: StepName | 'done' | null;
  /** Whether it has what it stands on: what it shows changes with that. */
  ready?: boolean;
  onToggle: (name: StepName) => void;
  children: ReactNode;
}

export function Step({ name, begun, open, ready = true, onToggle, children }: Props) {
  const { t } = useWords();
  const summary = useSummary()(name, begun);
  const isOpen = open === name;
  const body = useFocusInside(isOpen, ready);
  const done = isDone(name, begun);
  return (
    <Paper component="section" withBorder aria-labelledby={`welcome-${name}`} className={classes.step}>
      <h2 className={classes.heading}>
        <UnstyledButton className={classes.head} aria-expanded={isOpen} aria-controls={`welcome-${name}-body`} onClick={() => onToggle(name)}>
          <span className={classes.number} data-done={done || undefined} aria-hidden>
            {done ? <CheckIcon size={16} /> : steps.indexOf(name) + 1}
          </span>
          <span className={classes.words}>
            <span id={`welcome-${name}`} className={classes.title}>{t(`welcome.${name}`)}</span>
            <span className={classes.told}>{done ? summary : t(`welcome.${name}.text`)}</span>
          </span>
          {done && <span className="visually-hidden">{t('welcome.isDone')}</span>}
          <ChevronDownIcon size={18} aria-hidden className={classes.chevron} data-open={isOpen || undefined} />
        </UnstyledButton>
      </h2>
      <div id={`welcome-${name}-body`} ref={body} className={classes.body} hidden={!isOpen}>
        {children}
      </div>
    </Paper>
  );
}

/** A step that opens takes the focus to its first field; to that of its form, as soon as it has one. */
function useFocusInside(open: boolean, ready: boolean) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) body.current?.querySelector<HTMLElement>('input:not([type=hidden]), button')?.focus();
  }, [open, ready]);
  return body;
}
