/** A customer's data for those who may not change them, and data that no field is set up for. */
import { Text } from '@mantine/core';
import { useText } from '../../i18n';
import type { Customer, CustomField } from '../../sync';
import classes from './card.module.css';
import { shownValue } from './check';
import { useLabel } from './Field';

export function Facts({ customer, fields }: { customer: Customer; fields: (Pick<CustomField, 'name' | 'label'> & { kind?: CustomField['kind'] })[] }) {
  const { t } = useText();
  const label = useLabel();
  return (
    <dl className={classes.facts}>
      {fields.map(({ name, label: given, kind }) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{label(name, given)}</dt>
          <dd>{shownValue(kind, customer.fields[name] ?? '') || <Text span inherit c="dimmed">{t('card.field.empty')}</Text>}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a channel or another system told beside the configured fields. */
export function otherFields(customer: Customer, fields: CustomField[]): { name: string; label: string }[] {
  const shown = new Set(fields.map((field) => field.name));
  return Object.keys(customer.fields).filter((name) => name !== 'avatar' && !shown.has(name)).sort().map((name) => ({ name, label: '' }));
}
