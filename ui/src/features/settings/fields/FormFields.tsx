import { ActionIcon, Select, Switch, TextInput } from '@mantine/core';
import { Hint } from '../../../kit';
import { ArrowDownIcon, ArrowUpIcon } from '../../../kit/icons';
import { moved, replaced, without } from '../../../kit/lists';
import type { FieldRow } from '../entered';
import { useWords } from '../text';
import { Rows, Take, type RowsProps } from './Rows';
import classes from '../settings.module.css';

const kinds = ['text', 'phone', 'email', 'number', 'date'] as const;

/** The fields of the customer's form, in order. */
export function FormFields({ rows, change, error, ...about }: RowsProps<FieldRow>) {
  const { t } = useWords();
  return (
    <Rows {...about} error={error} add={t('settings.field.add')} onAdd={() => change([...rows, { name: '', label: '', kind: 'text', required: false }])}>
      {rows.map((row, at) => {
        const n = at + 1;
        const set = (part: Partial<FieldRow>) => change(replaced(rows, at, { ...row, ...part }));
        return (
          <div key={at} className={classes.line}>
            <TextInput aria-label={t('settings.field.label', { n })} className={classes.grow} value={row.label} error={!!error} onChange={(e) => set({ label: e.currentTarget.value })} />
            <TextInput aria-label={t('settings.field.name', { n })} w={120} value={row.name} error={!!error} placeholder="fname" onChange={(e) => set({ name: e.currentTarget.value })} />
            <Select
              aria-label={t('settings.field.kind', { n })} w={120} data={kinds.map((kind) => ({ value: kind, label: t(`settings.kind.${kind}`) }))} value={row.kind} allowDeselect={false}
              onChange={(kind) => set({ kind: kind ?? 'text' })}
            />
            <Switch size="xs" label={t('settings.field.required')} aria-label={t('settings.field.required.of', { n })} checked={row.required} onChange={(e) => set({ required: e.currentTarget.checked })} />
            <span className={classes.order}>
              <Step label={t('settings.field.up', { n })} disabled={at === 0} onClick={() => change(moved(rows, at, -1))} Icon={ArrowUpIcon} />
              <Step label={t('settings.field.down', { n })} disabled={n === rows.length} onClick={() => change(moved(rows, at, 1))} Icon={ArrowDownIcon} />
              <Take label={t('settings.field.take', { n })} onClick={() => change(without(rows, at))} />
            </span>
          </div>
        );
      })}
    </Rows>
  );
}

function Step({ label, disabled, onClick, Icon }: { label: string; disabled: boolean; onClick: () => void; Icon: typeof ArrowUpIcon }) {
  return (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} disabled={disabled} onClick={onClick}><Icon size={16} aria-hidden /></ActionIcon>
    </Hint>
  );
}
