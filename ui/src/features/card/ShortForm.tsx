/** The short form under the list of conversations. What changes here changes in the full one. */
import { Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { useText } from '../../i18n';
import { Failure, Lines } from '../../kit';
import { useCustomer, useSession, type Customer } from '../../sync';
import classes from './card.module.css';
import { Facts } from './Facts';
import { Field } from './Field';
import { Save } from './Save';
import { useForm } from './useForm';

/** Nothing without the right to see customers, and for nobody. */
export function ShortForm({ customerId }: { customerId: string }) {
  const { may } = useSession();
  if (customerId === '' || !may('view_client')) return null;
  return <Loaded key={customerId} id={customerId} />;
}

function Loaded({ id }: { id: string }) {
  const { t } = useText();
  const { data, error, refetch } = useCustomer(id);
  return (
    <section aria-label={t('card.title')}>
      <div className={classes.section}>
        <h3>{t('card.title')}</h3>
      </div>
      {data ? <Short customer={data} /> : error ? <Failure problem={error} title={t('card.failed')} retry={refetch} /> : <Lines rows={4} height={28} />}
    </section>
  );
}

function Short({ customer }: { customer: Customer }) {
  const { t } = useText();
  const { may } = useSession();
  const form = useForm(customer);
  const around = useRef<HTMLDivElement>(null);
  if (form.fields.length === 0) return <Text size="xs" c="dimmed">{t('card.fields.none')}</Text>;
  if (!may('modify_clients')) return <Facts customer={customer} fields={form.fields} />;
  return (
    <Stack gap={6} ref={around}>
      {form.fields.map((field) => (
        <Field key={field.name} form={form} field={field} compact />
      ))}
      <div className={classes.foot} data-changed={form.changed || undefined}>
        <Save form={form} around={around} narrow />
      </div>
    </Stack>
  );
}
