/** Parts of a form under headings of their own; some are folded away until they are needed. */
import { Text, Title, UnstyledButton } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { ChevronDownIcon, ChevronRightIcon } from '../../../kit/icons';
import classes from '../knowledge.module.css';

interface Props {
  title: string;
  hint?: string;
  action?: ReactNode;
  children: ReactNode;
}

export function Section({ title, hint, action, children }: Props) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHead}>
        <Title order={2} size="h5" id={id}>{title}</Title>
        {action}
      </div>
      {hint && <Text size="sm" c="dimmed" mt={-8}>{hint}</Text>}
      {children}
    </section>
  );
}

interface FoldProps {
  title: string;
  /** What is inside, in a line, while it is folded. */
  summary: string;
  /** Something inside has to be seen. */
  wrong?: boolean;
  /** It stands in a section, not among them. */
  inner?: boolean;
  children: ReactNode;
}

export function Fold({ title, summary, wrong, inner, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  const shown = open || !!wrong;
  const id = useId();
  const Icon = shown ? ChevronDownIcon : ChevronRightIcon;
  return (
    <div className={inner ? classes.innerFold : classes.section}>
      <UnstyledButton className={classes.fold} aria-expanded={shown} aria-controls={id} onClick={() => setOpen(!shown)}>
        <Icon size={16} aria-hidden />
        <span className={inner ? classes.innerTitle : classes.foldTitle}>{title}</span>
        {!shown && <span className={classes.summary}>{summary}</span>}
      </UnstyledButton>
      <div id={id} hidden={!shown} className={classes.foldBody}>{shown && children}</div>
    </div>
  );
}
