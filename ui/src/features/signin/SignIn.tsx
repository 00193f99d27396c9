/** The door: login and password. What was wrong of the two is not told. */
import { Alert, Anchor, Button, Group, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { locales, useText } from '../../i18n';
import { BrandMark, useReason, type Wrong } from '../../kit';
import { ErrorIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import classes from './SignIn.module.css';

const Late = lazy(() => import('./LateDoor'));

export function SignIn() {
  const { step } = useSession();
  return (
    <Door>
      {step ? null : <Form />}
      <Suspense><Late /></Suspense>
    </Door>
  );
}

/** What stands around everything that is asked at the door. */
export function Door({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <main className={classes.page}>
      <Stack gap="lg" w="min(380px, 100%)">
        <Group gap="sm" justify="center">
          <BrandMark size={40} />
          <Title order={1} size="h3">
            {t('app.signin.title')}
          </Title>
        </Group>
        <Paper p="xl" radius="lg" withBorder shadow="sm">
          {children}
        </Paper>
        <Languages />
      </Stack>
    </main>
  );
}

function Form() {
  const { t } = useText();
  const { signIn } = useSession();
  const wrongText = useWrong();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const need = (value: string) => (value ? null : t('app.signin.need'));
  const form = useForm({ mode: 'uncontrolled', initialValues: { login: '', password: '' }, validate: { login: need, password: need } });

  const submit = form.onSubmit(({ login, password }) => {
    setBusy(true);
    setWrong('');
    signIn(login.trim(), password).catch((e: unknown) => {
      setWrong(wrongText(e));
      setBusy(false);
      form.getInputNode('password')?.focus();
    });
  }, focusFirst);

  function focusFirst(errors: Record<string, unknown>): void {
    form.getInputNode(Object.keys(errors)[0] ?? 'login')?.focus();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {wrong && (
          <Alert color="red" role="alert" icon={<ErrorIcon size={18} aria-hidden />} p="sm">
            {wrong}
          </Alert>
        )}
        <TextInput key={form.key('login')} label={t('app.signin.login')} autoComplete="username" autoFocus size="md" {...form.getInputProps('login')} />
        <Password key={form.key('password')} label={t('app.signin.password')} {...form.getInputProps('password')} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t('app.signin.do')}
        </Button>
      </Stack>
    </form>
  );
}

function Password(props: { label: string }) {
  const { t } = useText();
  const [shown, show] = useState(false);
  return (
    <PasswordInput
      autoComplete="current-password"
      size="md"
      visible={shown}
      onVisibilityChange={show}
      visibilityToggleButtonProps={{ 'aria-label': t(shown ? 'app.signin.hide' : 'app.signin.show'), tabIndex: 0, 'aria-hidden': false }}
      {...props}
    />
  );
}

function useWrong(): (e: unknown) => string {
  const { t } = useText();
  const reason = useReason();
  return (e) => {
    const { status, field } = (e ?? {}) as Wrong & { field?: string };
    if (status === 401 && field === 'roles') return t('app.signin.barred');
    if (status === 401 || status === 403) return t('app.signin.wrong');
    return status === 429 ? t('app.signin.often') : reason(e);
  };
}

function Languages() {
  const { t, locale, setLocale } = useText();
  return (
    <Group justify="center" gap="md" role="group" aria-label={t('app.language')}>
      {locales.map((l) => (
        <Anchor key={l} component="button" type="button" size="sm" lang={l} aria-pressed={l === locale} underline={l === locale ? 'always' : 'hover'} py={4} onClick={() => setLocale(l)}>
          {t(`app.language.${l}`)}
        </Anchor>
      ))}
    </Group>
  );
}
