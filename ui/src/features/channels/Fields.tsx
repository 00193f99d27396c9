/** The fields of a kind: what everybody enters, and what most leave alone behind «Дополнительно». */
import { PasswordInput, Select, Switch, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ChevronDownIcon, ChevronRightIcon } from '../../kit/icons';
import type { KindField } from '../../sync';
import type { Values } from './entered';
import { useWords } from './text';
import classes from './channels.module.css';

interface FieldsProps {
  fields: KindField[];
  values: Values;
  wrong: Values;
  /** The account is there already, and so are its secrets. */
  kept: boolean;
  change: (field: string, value: string) => void;
}

export function Fields({ fields, values, wrong, kept, change }: FieldsProps) {
  return fields.map((f) => (
    <Field key={f.name} field={f} value={values[f.name] ?? ''} wrong={wrong[f.name]} kept={kept} change={(v) => change(f.name, v)} />
  ));
}

/** «Дополнительно». What is wrong in there opens it. */
export function More({ wrong, children }: { wrong: boolean; children: ReactNode }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const shown = open || wrong;
  const Icon = shown ? ChevronDownIcon : ChevronRightIcon;
  return (
    <>
      <UnstyledButton className={classes.more} aria-expanded={shown} onClick={() => setOpen(!shown)}>
        <Icon size={16} aria-hidden /> {t('channels.advanced')}
      </UnstyledButton>
      {shown && children}
    </>
  );
}

interface FieldProps {
  field: KindField;
  value: string;
  wrong?: string;
  kept: boolean;
  change: (value: string) => void;
}

function Field({ field: f, value, wrong, kept, change }: FieldProps) {
  const { t } = useWords();
  const common = { label: f.title, description: f.hint, error: wrong, withAsterisk: f.required && !(f.kind === 'secret' && kept) };
  if (f.kind === 'bool') return <Switch label={f.title} description={f.hint} checked={(value || f.default) === 'true'} onChange={(e) => change(String(e.currentTarget.checked))} />;
  if (f.kind === 'choice') {
    const data = (f.choices ?? []).map((c) => ({ value: c.value, label: c.title }));
    return <Select {...common} data={data} value={value || f.default || null} allowDeselect={false} onChange={(v) => change(v ?? '')} />;
  }
  const said = (e: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => change(e.currentTarget.value);
  const text = { ...common, value, onChange: said, placeholder: f.empty ? undefined : f.default };
  if (f.kind === 'lines') return <Textarea {...text} rows={3} classNames={{ input: f.empty ? undefined : classes.code }} />;
  if (f.kind === 'secret') return <PasswordInput {...text} autoComplete="off" placeholder={kept ? t('channels.kept') : undefined} />;
  return <TextInput {...text} inputMode={f.kind === 'number' ? 'numeric' : f.kind === 'url' ? 'url' : undefined} />;
}
