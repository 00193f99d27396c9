/** The tab «Анкета клиента»: data, type, channels, links, and merging. */
import { Alert, Button, Radio, Group, SimpleGrid, Text } from '@mantine/core';
import { lazy, Suspense, useRef, useState } from 'react';
import { useText } from '../../i18n';
import { Failure, Lines } from '../../kit';
import { MergeIcon } from '../../kit/icons';
import { useCustomer, useSession, type Customer } from '../../sync';
import classes from './card.module.css';
import { Channels } from './Channels';
import { Facts, otherFields } from './Facts';
import { Field } from './Field';
import { Links } from './Links';
import { Part } from './Part';
import { Save } from './Save';
import { useForm, type Form } from './useForm';

/** They are seldom wanted, and come when they are. */
const Erasures = lazy(() => import('./Erasure'));
const Merge = lazy(async () => ({ default: (await import('./Merge')).Merge }));

export function CustomerForm({ customerId }: { customerId: string }) {
  const { t } = useText();
  const { may } = useSession();
  const { data, error, refetch } = useCustomer(customerId);
  if (!may('view_client')) return null;
  if (data) return <Full key={customerId} customer={data} />;
  return (
    <div className={classes.page}>
      {error ? <Failure problem={error} title={t('card.failed')} retry={refetch} /> : <Lines rows={6} height={32} />}
    </div>
  );
}

function Full({ customer }: { customer: Customer }) {
  const { may } = useSession();
  const form = useForm(customer);
  const around = useRef<HTMLDivElement>(null);
  const [merging, merge] = useState<{ query: string } | null>(null);
  const change = may('modify_clients') && customer.mergedInto === '';
  return (
    <div className={classes.scroll}>
      <div className={classes.page} ref={around}>
        <Main form={form} change={change} onMerge={() => merge({ query: '' })} />
        <Channels customer={customer} change={change} onMerge={(query) => merge({ query })} />
        {customer.mergedInto === '' && <Links customer={customer} />}
        <Suspense fallback={null}>{may('admin') && <Erasures customer={customer} />}</Suspense>
        {change && form.fields.length > 0 && (
          <div className={classes.bar}>
            <Save form={form} around={around} />
          </div>
        )}
      </div>
      <Suspense>{merging && <Merge customer={customer} query={merging.query} onClose={() => merge(null)} />}</Suspense>
    </div>
  );
}

function Main({ form, change, onMerge }: { form: Form; change: boolean; onMerge: () => void }) {
  const { t } = useText();
  const others = otherFields(form.customer, form.fields);
  const merge = (
    <Button size="compact-sm" variant="subtle" leftSection={<MergeIcon size={16} aria-hidden />} onClick={onMerge}>
      {t('card.merge')}
    </Button>
  );
  return (
    <>
      {form.customer.mergedInto !== '' && <Alert color="yellow" mb="md">{t('card.merged')}</Alert>}
      <Part title={t('card.fields')} action={change && merge}>
        {form.fields.length === 0 && <Text size="sm" c="dimmed">{t('card.fields.none')}</Text>}
        {change ? <Inputs form={form} /> : <Facts customer={form.customer} fields={form.fields} />}
        <Type form={form} change={change} />
      </Part>
      {others.length > 0 && (
        <Part title={t('card.fields.other')}>
          <Facts customer={form.customer} fields={others} />
        </Part>
      )}
    </>
  );
}

function Inputs({ form }: { form: Form }) {
  return (
    <SimpleGrid type="container" cols={{ base: 1, '480px': 2 }} spacing="md" verticalSpacing="sm">
      {form.fields.map((field) => (
        <Field key={field.name} form={form} field={field} />
      ))}
    </SimpleGrid>
  );
}

/** «Тестовый» clients are not counted. */
function Type({ form, change }: { form: Form; change: boolean }) {
  const { t } = useText();
  if (!change) return form.test ? <Text size="sm" mt="sm">{`${t('card.type')}: ${t('card.type.test')}`}</Text> : null;
  return (
    <Radio.Group
      mt="md"
      label={t('card.type')}
      description={t('card.type.hint')}
      value={form.test ? 'test' : 'usual'}
      onChange={(value) => form.setTest(value === 'test')}
    >
      <Group mt={8} gap="lg">
        <Radio value="usual" label={t('card.type.usual')} />
        <Radio value="test" label={t('card.type.test')} />
      </Group>
    </Radio.Group>
  );
}
