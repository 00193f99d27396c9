/** Who has a link sets a password by it, once, and goes to the door then. */
import { Alert, Anchor, Button, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { BrandMark, Failure, Lines } from '../../kit';
import { ErrorIcon, FinishIcon } from '../../kit/icons';
import { usersInRussian } from '../../i18n/userSentences';
import { problemOf } from '../../sync';
import { acceptInvitation, invitedBy, type Invited } from '../../sync/users';
import { makePart } from '../../i18n/part';
import { invite } from '../../i18n/ru/invite';
import classes from './invite.module.css';

const useWords = makePart({ ru: invite, english: async () => (await import('../../i18n/en/invite')).invite });

const shortest = 8;

export default function Invite() {
  const { t } = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const { who, problem, again, refuse } = useInvited(token);
  const [done, setDone] = useState(false);
  const bad = problem?.status === 404;
  return (
    <main className={classes.page}>
      <Stack gap="lg" w="min(400px, 100%)">
        <Group gap="sm" justify="center">
          <BrandMark size={40} />
          <Title order={1} size="h3">{t(who?.renewal ? 'invite.renewal' : 'invite.title')}</Title>
        </Group>
        <Paper p="xl" radius="lg" withBorder shadow="sm">
          {done && who ? <Done login={who.login} /> : bad ? <Bad /> : problem ? <Failure problem={problem} retry={again} /> : who ? <Form token={token} who={who} done={() => setDone(true)} refuse={refuse} /> : <Lines rows={4} />}
        </Paper>
        <Languages />
      </Stack>
    </main>
  );
}

function useInvited(token: string) {
  const [who, setWho] = useState<Invited>();
  const [thrown, refuse] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    refuse(undefined);
    invitedBy(token).then((found) => here && setWho(found), (why: unknown) => here && refuse(why));
    return () => {
      here = false;
    };
  }, [token, turn]);
  return { who, problem: thrown === undefined ? undefined : problemOf(thrown), refuse, again: () => setTurn((n) => n + 1) };
}

function Bad() {
  const { t } = useWords();
  return <Alert color="red" variant="light" role="alert" icon={<ErrorIcon size={18} aria-hidden />} title={t('invite.bad')}>{t('invite.bad.text')}</Alert>;
}

function Done({ login }: { login: string }) {
  const { t } = useWords();
  // A link takes no autoFocus.
  const enter = useRef<HTMLAnchorElement>(null);
  useEffect(() => enter.current?.focus(), []);
  return (
    <Stack gap="md">
      <Alert color="green" variant="light" role="status" icon={<FinishIcon size={18} aria-hidden />} title={t('invite.done')}>{t('invite.done.text', { login })}</Alert>
      <Button ref={enter} component={Link} href="/signin" size="md" fullWidth>{t('invite.enter')}</Button>
    </Stack>
  );
}

interface FormProps {
  token: string;
  who: Invited;
  done: () => void;
  refuse: (thrown: unknown) => void;
}

function Form({ token, who, done, refuse }: FormProps) {
  const { t, locale } = useWords();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState<{ password?: string; again?: string }>({});
  const [busy, setBusy] = useState(false);
  const name = [who.first_name, who.last_name].filter(Boolean).join(' ');
  const eye = { 'aria-label': t('app.signin.show'), tabIndex: 0, 'aria-hidden': false } as const;
  const submit = async (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const short = [...password].length < shortest ? t('invite.short') : undefined;
    const differ = !short && password !== again ? t('invite.differ') : undefined;
    setWrong({ password: short, again: differ });
    if (short || differ) return focus(form, short ? 'password' : 'again');
    setBusy(true);
    try {
      await acceptInvitation(token, password);
      done();
    } catch (thrown) {
      const { field, detail } = problemOf(thrown);
      if (field !== 'password') return refuse(thrown);
      setWrong({ password: locale === 'ru' ? usersInRussian(detail) : detail });
      focus(form, 'password');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <input type="hidden" name="username" autoComplete="username" value={who.login} readOnly />
      <Stack gap="md">
        <Text size="sm">{name ? t('invite.hello', { name, login: who.login }) : t('invite.hello.login', { login: who.login })} {who.renewal && t('invite.renewal.text')}</Text>
        <PasswordInput
          name="password" label={t('invite.password')} description={t('invite.rule')} autoComplete="new-password" autoFocus size="md" value={password} error={wrong.password}
          visibilityToggleButtonProps={eye} onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <PasswordInput name="again" label={t('invite.again')} autoComplete="new-password" size="md" value={again} error={wrong.again} visibilityToggleButtonProps={eye} onChange={(e) => setAgain(e.currentTarget.value)} />
        <Button type="submit" size="md" fullWidth loading={busy}>{t('invite.do')}</Button>
      </Stack>
    </form>
  );
}

function focus(form: HTMLFormElement, name: string): void {
  form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
}

function Languages() {
  const { t, locale, setLocale } = useWords();
  return (
    <Group justify="center" gap="md" role="group" aria-label={t('app.language')}>
      {(['ru', 'en'] as const).map((l) => (
        <Anchor key={l} component="button" type="button" size="sm" lang={l} aria-pressed={l === locale} underline={l === locale ? 'always' : 'hover'} py={4} onClick={() => setLocale(l)}>
          {t(`app.language.${l}`)}
        </Anchor>
      ))}
    </Group>
  );
}
