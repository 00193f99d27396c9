/** «Письмо клиенту»: a letter by the e-mail channel of the center, whatever channel the conversation goes by. */
import { Alert, Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import type { FormEvent, KeyboardEvent } from 'react';
import { Failure, Lines } from '../../kit';
import { SendIcon } from '../../kit/icons';
import { useCustomer, type Customer } from '../../sync';
import { Part } from './Part';
import { useLetter, useWords, type Place } from './useLetter';

export function Letter({ conversation }: { conversation: Place }) {
  const { t } = useWords();
  const { data, error, refetch } = useCustomer(conversation.customerId);
  return (
    <Part title={t('letter.title')}>
      {data ? (
        <Writing key={conversation.id} place={conversation} customer={data} />
      ) : error ? (
        <Failure problem={error} title={t('card.failed')} retry={refetch} />
      ) : (
        <Lines rows={3} height={32} />
      )}
    </Part>
  );
}

function Writing({ place, customer }: { place: Place; customer: Customer }) {
  const { t } = useWords();
  const form = useLetter(place, customer);
  if (form.addresses.length === 0) return <Text size="sm" c="dimmed">{t('letter.none')}</Text>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.code === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) void form.send();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" maw={520}>
        <Select label={t('letter.address')} description={form.hint} data={form.addresses} value={form.address} onChange={form.choose} allowDeselect={false} error={form.wrong('address')} />
        {form.channels.length > 0 && (
          <Select
            label={t('letter.channel')} data={form.channels} value={form.channel} onChange={form.chooseBox}
            allowDeselect={false} error={form.wrong('account_id')}
          />
        )}
        <Textarea
          label={t('letter.text')}
          description={customer.addresses.some((a) => a.kind === 'widget') && t('letter.text.hint')}
          autosize
          minRows={4}
          maxRows={16}
          value={form.text}
          onChange={(event) => form.write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          error={form.wrong('text')}
        />
        {form.trouble && <Alert color="red" role="alert" title={t('letter.failed')}>{form.trouble}</Alert>}
        <Group>
          <Button type="submit" leftSection={<SendIcon size={18} aria-hidden />} loading={form.busy}>{t('letter.send')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
