/** A new password. The other sessions end with the old one. */
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { complain, say, useReason } from '../../kit';
import { post, problemOf } from '../../sync';
import { useWords } from './text';

const SHORTEST = 8;

export function Password({ login }: { login: string }) {
  const { t } = useWords();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current: '', password: '' },
    validate: {
      current: (v) => (v ? null : t('app.signin.need')),
      password: (v) => (v.length >= SHORTEST ? null : t('app.profile.password.rule')),
    },
  });

  const submit = form.onSubmit((values) => {
    setBusy(true);
    post('/api/v1/password', values)
      .then(() => {
        form.reset();
        say(t('app.profile.password.done'));
      })
      .catch((e: unknown) => {
        const { field } = problemOf(e);
        if (field === 'current') form.setFieldError('current', t('app.profile.password.wrong'));
        else if (field === 'password') form.setFieldError('password', t('app.profile.password.weak'));
        else complain(reason(e));
      })
      .finally(() => setBusy(false));
  });

  const eye = { 'aria-label': t('app.signin.show'), tabIndex: 0, 'aria-hidden': false } as const;
  return (
    <form onSubmit={submit} noValidate>
      <input type="hidden" name="username" autoComplete="username" value={login} readOnly />
      <Stack gap="sm" maw={340}>
        <PasswordInput
          key={form.key('current')}
          label={t('app.profile.password.current')}
          autoComplete="current-password"
          visibilityToggleButtonProps={eye}
          {...form.getInputProps('current')}
        />
        <PasswordInput
          key={form.key('password')}
          label={t('app.profile.password.new')}
          description={t('app.profile.password.rule')}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
          {t('app.profile.password.do')}
        </Button>
      </Stack>
    </form>
  );
}
