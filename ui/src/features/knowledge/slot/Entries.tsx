/** The values of a dictionary: what the system works with, and what customers see on buttons. */
import { Button, Text, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { AddIcon } from '../../../kit/icons';
import type { Slot } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { moved, replaced, without } from '../../../kit/lists';
import { RowButtons } from '../record/RowButtons';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

interface Props {
  value: Slot['entries'];
  wrong: Wrong;
  onChange: (entries: Slot['entries']) => void;
}

export function Entries({ value, wrong, onChange }: Props) {
  const { t } = useWords();
  const made = useRef(-1);
  const add = () => {
    made.current = value.length;
    onChange([...value, { id: '', caption: '' }]);
  };
  const field = (at: number, name: 'id' | 'caption', label: string) => (
    <TextInput
      className={classes.grow} aria-label={t('kb.slot.entry.number', { label, number: at + 1 })} placeholder={label} value={value[at]?.[name]} autoFocus={name === 'id' && made.current === at}
      error={wrong[`entries.${at}.${name}`]} onChange={(e) => onChange(replaced(value, at, { ...value[at]!, [name]: e.currentTarget.value }))}
    />
  );
  return (
    <div role="group" aria-label={t('kb.slot.entries')}>
      <ol className={classes.list}>
        {value.map((entry, at) => (
          <li key={at} className={classes.listRow}>
            {field(at, 'id', t('kb.slot.entry.id'))}
            {field(at, 'caption', t('kb.slot.entry.caption'))}
            <RowButtons
              name={entry.caption || t('kb.slot.entry.row', { number: at + 1 })} first={at === 0} last={at === value.length - 1} onMove={(by) => onChange(moved(value, at, by))}
              take={t('kb.slot.entry.delete', { name: entry.caption || String(at + 1) })} onTake={() => onChange(without(value, at))}
            />
          </li>
        ))}
      </ol>
      <Button size="compact-sm" variant="light" mt="xs" leftSection={<AddIcon size={16} aria-hidden />} aria-invalid={wrong.entries ? true : undefined} onClick={add}>
        {t('kb.slot.entry.add')}
      </Button>
      {wrong.entries && <Text size="sm" c="var(--mantine-color-error)">{wrong.entries}</Text>}
    </div>
  );
}
