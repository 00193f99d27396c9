/** The second step of a sign-in, and the ways that need no password. */
import { Alert, Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { Lines, useReason, type Wrong } from '../../kit';
import { get, post, problemOf, useSession } from '../../sync';
import { signedIn, stepBack, type Step, type Told } from '../../sync/session';
import { able, sign, type Asked } from './passkey';
import { Door } from './SignIn';
import { useWords } from './text';

const path = '/api/v1/session';

export function Second({ step }: { step: Step }) {
  const { t } = useWords();
  const reason = useReason();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const totp = step.ways.includes('totp');
  const recovery = step.ways.includes('recovery');
  const typed = totp || recovery;
  const input = useRef<HTMLInputElement>(null);

  function failed(e: unknown): void {
    const { status, field } = problemOf(e);
    setBusy(false);
    setWrong(status === 401 ? t(field === 'code' ? 'proofs.step.wrong' : 'proofs.step.over') : reason(e as Wrong));
    input.current?.select();
  }

  function submit(e: FormEvent): void {
    e.preventDefault();
    setBusy(true);
    post<Told>(`${path}/step`, { token: step.token, code }).then(signedIn, failed);
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={2} size="h4">{t('proofs.step')}</Title>
        {wrong && <Alert color="red" role="alert" p="sm">{wrong}</Alert>}
        {typed && (
          <>
            <TextInput
              ref={input} size="md" label={t(totp ? 'proofs.step.code' : 'proofs.step.recovery')} description={totp && recovery && t('proofs.step.or')}
              autoComplete="one-time-code" autoFocus value={code} onChange={(e) => setCode(e.currentTarget.value)}
            />
            <Button type="submit" size="md" fullWidth loading={busy} disabled={!code.trim()}>{t('proofs.step.do')}</Button>
          </>
        )}
        {step.ways.includes('passkey') && able() && (
          <Passkey step={step.token} label={t('proofs.step.passkey')} first={!typed} fail={() => setWrong(t('proofs.passkey.failed'))} />
        )}
        {step.ways.length === 0 && <Text size="sm">{t('proofs.step.none')}</Text>}
        <Anchor component="button" type="button" size="sm" onClick={stepBack}>{t('proofs.step.back')}</Anchor>
      </Stack>
    </form>
  );
}

/** A button whose words may be long: nothing is cut. */
const wide = { size: 'md', fullWidth: true, h: 'auto', mih: 42, py: 6, styles: { label: { whiteSpace: 'normal' } } } as const;

function Passkey({ step, label, first, fail }: { step: string; label: string; first?: boolean; fail: () => void }) {
  const [busy, setBusy] = useState(false);
  async function go(): Promise<void> {
    setBusy(true);
    try {
      const asked = await post<Asked>(`${path}/passkey/ask`, { step });
      signedIn(await post<Told>(`${path}/passkey`, await sign(asked)));
    } catch {
      fail();
      setBusy(false);
    }
  }
  return <Button {...wide} variant={first ? 'filled' : 'default'} loading={busy} onClick={() => void go()}>{label}</Button>;
}

interface Ways {
  passkeys: boolean;
  providers: { provider_id: string; name: string }[];
}

export const useWays = () => useQuery({ queryKey: ['ways'], queryFn: () => get<Ways>(`${path}/ways`), staleTime: 60_000 });

/** Leaves for a provider; what it sends back is taken by Return. */
export async function travel(path: string, provider: string): Promise<void> {
  const { address } = await post<{ address: string }>(path, { provider_id: provider });
  location.assign(address);
}

export function OtherWays() {
  const { t } = useWords();
  const reason = useReason();
  const { data } = useWays();
  const [wrong, setWrong] = useState('');
  const keys = data?.passkeys && able();
  if (!data || (!keys && data.providers.length === 0)) return null;
  return (
    <Stack gap="sm" mt="md">
      <Text size="sm" c="dimmed" ta="center">{t('proofs.ways')}</Text>
      {wrong && <Alert color="red" role="alert" p="sm">{wrong}</Alert>}
      {keys && <Passkey step="" label={t('proofs.ways.passkey')} fail={() => setWrong(t('proofs.passkey.failed'))} />}
      {data.providers.map((p) => (
        <Button key={p.provider_id} {...wide} variant="default" onClick={() => void travel(`${path}/oidc`, p.provider_id).catch((e: unknown) => setWrong(reason(e as Wrong)))}>
          {t('proofs.ways.provider', { name: p.name })}
        </Button>
      ))}
    </Stack>
  );
}

/** Takes back who comes from a provider: to sign in, or to link the identity. */
export function Return() {
  const { t } = useWords();
  const { user } = useSession();
  const [, go] = useLocation();
  const back = new URLSearchParams(useSearch());
  const [wrong, setWrong] = useState('');
  const asked = useRef(false);
  const linking = user !== null;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    const body = { state: back.get('state') ?? '', code: back.get('code') ?? '' };
    if (linking) post('/api/v1/me/identities/return', body).then(() => go('/profile', { replace: true }), () => setWrong(t('proofs.return.failed')));
    else post<Told>(`${path}/oidc/return`, body).then((told) => {
      go('/signin', { replace: true });
      signedIn(told);
    }, (e: unknown) => setWrong(t(problemOf(e).field === 'identity' ? 'proofs.return.nobody' : 'proofs.return.failed')));
  });
  if (!back.get('state')) return <Redirect to="/signin" replace />;
  return (
    <Door>
      {wrong ? (
        <Stack>
          <Alert color="red" role="alert">{wrong}</Alert>
          <Button variant="default" onClick={() => go(linking ? '/profile' : '/signin', { replace: true })}>{t('proofs.return.signin')}</Button>
        </Stack>
      ) : (
        <><Text>{t('proofs.return')}</Text><Lines rows={2} /></>
      )}
    </Door>
  );
}
