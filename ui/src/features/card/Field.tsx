/** One field of a customer's form, with what is wrong and who else changed it. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useId, type InputHTMLAttributes } from 'react';
import { useText, type Key } from '../../i18n';
import type { CustomField } from '../../sync';
import classes from './card.module.css';
import { shownDate, shownValue, typedDate } from './check';
import type { Clash } from './edit';
import { useAuthor } from './names';
import type { Form } from './useForm';

const inputs: Record<CustomField['kind'], InputHTMLAttributes<HTMLInputElement>> = {
  text: { type: 'text' },
  phone: { type: 'tel', inputMode: 'tel' },
  email: { type: 'email', inputMode: 'email' },
  number: { type: 'text', inputMode: 'decimal' },
  date: { type: 'text', inputMode: 'numeric' },
};

const known: Record<string, Key> = {
  fname: 'card.field.fname',
  lname: 'card.field.lname',
  phone: 'card.field.phone',
  email: 'card.field.email',
  contract: 'card.field.contract',
};

/** What people call a field. */
export function useLabel(): (name: string, label?: string) => string {
  const { t } = useText();
  return (name, label) => label || (known[name] ? t(known[name]) : name);
}

interface Props {
  form: Form;
  field: CustomField;
  /** The label stands before the field. */
  compact?: boolean;
}

export function Field({ form, field, compact = false }: Props) {
  const { t } = useText();
  const label = useLabel()(field.name, field.label);
  const value = form.value(field.name);
  const date = field.kind === 'date';
  const wrong = form.wrong(field.name);
  const clash = form.clash(field.name);
  const id = useId();
  const input: InputHTMLAttributes<HTMLInputElement> = {
    ...inputs[field.kind],
    name: field.name,
    'aria-required': field.required || undefined,
    autoComplete: 'off',
    spellCheck: false,
    value: date ? shownDate(value) : value,
    placeholder: date ? t('card.date') : undefined,
    onChange: (event) => form.set(field.name, date ? typedDate(event.currentTarget.value) : event.currentTarget.value),
    'aria-describedby': clash ? id : undefined,
  };
  const error = wrong && t(wrong);
  return (
    <div>
      {compact ? (
        <Compact input={input} label={label} required={field.required} error={error} />
      ) : (
        <TextInput {...input} size="sm" label={label} withAsterisk={field.required} error={error} />
      )}
      {clash && <Choice id={id} clash={clash} form={form} theirs={shownValue(field.kind, clash.theirs)} />}
    </div>
  );
}

/** The same in a narrow column, of plain elements: they are drawn with every conversation that is opened. */
function Compact({ input, label, required, error }: { input: InputHTMLAttributes<HTMLInputElement>; label: string; required: boolean; error: string | null }) {
  const id = useId();
  const told = [error ? `${id}-error` : '', input['aria-describedby'] ?? ''].filter(Boolean).join(' ');
  return (
    <div className={classes.compact}>
      <label htmlFor={id}>
        {label}
        {required && <span aria-hidden> *</span>}
      </label>
      <input {...input} id={id} aria-invalid={error ? true : undefined} aria-describedby={told || undefined} />
      {error && <p id={`${id}-error`}>{error}</p>}
    </div>
  );
}

/** Somebody else changed it meanwhile: whose value is to stay? */
function Choice({ id, clash, form, theirs }: { id: string; clash: Clash; form: Form; theirs: string }) {
  const { t } = useText();
  const who = useAuthor()(form.customer.changedBy?.[clash.name]);
  return (
    <div className={classes.clash} id={id} role="alert">
      <Text size="xs">{t(theirs ? 'card.clash.by' : 'card.clash.cleared', { who, value: theirs })}</Text>
      <Group gap={4} mt={4}>
        <Button size="compact-xs" variant="default" onClick={() => form.take(clash.name)}>
          {t('card.clash.take')}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => form.keep(clash.name)}>
          {t('card.clash.keep')}
        </Button>
      </Group>
    </div>
  );
}
