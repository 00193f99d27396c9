/** A field that is rows: its name, its explanation, what is wrong, and a button for one more. */
import { ActionIcon, Button, Input } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { Hint } from '../../../kit';
import { AddIcon, CloseIcon } from '../../../kit/icons';
import classes from '../settings.module.css';

export interface RowsProps<R> {
  label: string;
  description: ReactNode;
  error?: string;
  rows: R[];
  change: (rows: R[]) => void;
}

interface Props {
  label: string;
  description: ReactNode;
  error?: string;
  add: string;
  onAdd: () => void;
  children: ReactNode;
}

export function Rows({ label, description, error, add, onAdd, children }: Props) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={`${id}-name`} aria-describedby={`${id}-hint`} className={classes.rows}>
      <Input.Label component="div" id={`${id}-name`}>{label}</Input.Label>
      <Input.Description id={`${id}-hint`} className={classes.explained}>{description}</Input.Description>
      {children}
      {error && <Input.Error role="alert">{error}</Input.Error>}
      <Button variant="default" size="xs" leftSection={<AddIcon size={14} aria-hidden />} className={classes.add} onClick={onAdd}>{add}</Button>
    </div>
  );
}

export function Take({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} onClick={onClick}><CloseIcon size={16} aria-hidden /></ActionIcon>
    </Hint>
  );
}
