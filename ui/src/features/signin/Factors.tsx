/** What a person signs in with beside a password: shown, added, removed. */
import { Alert, Button, Group, Modal, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { complain, ConfirmDialog, Failure, Lines, useReason, type Wrong } from '../../kit';
import { del, get, post, problemOf, useSession } from '../../sync';
import { recognise } from '../../sync/session';
import { create, able, type Asked } from './passkey';
import { travel, useWays } from './Second';
import { Door } from './SignIn';
import { useWords } from './text';

const path = '/api/v1/me/factors';

interface Factor {
  factor_id: string;
  kind: 'totp' | 'passkey';
  name: string;
  used_at?: string;
}
interface Identity {
  identity_id: string;
  provider_id: string;
  name: string;
  subject: string;
}
interface Mine {
  items: Factor[];
  recovery_left: number;
  passkeys: boolean;
  identities: Identity[];
}
interface Enrolled {
  recovery_codes?: string[];
}

const useMine = () => useQuery({ queryKey: ['me', 'factors'], queryFn: () => get<Mine>(path) });

/** Does what needs a fresh proof, and asks for the password first where the server wants one. */
function useProving() {
  const client = useQueryClient();
  const reason = useReason();
  const [waiting, setWaiting] = useState<(() => Promise<unknown>) | null>(null);
  async function run(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      await client.invalidateQueries({ queryKey: ['me'] });
    } catch (e) {
      if (problemOf(e).field === 'proof') setWaiting(() => act);
      else complain(reason(e as Wrong));
    }
  }
  const dialog = waiting && <Proof done={() => { setWaiting(null); void run(waiting); }} cancel={() => setWaiting(null)} />;
  return { run, dialog };
}

function Proof({ done, cancel }: { done: () => void; cancel: () => void }) {
  const { t } = useWords();
  const reason = useReason();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState('');
  function submit(e: FormEvent): void {
    e.preventDefault();
    post('/api/v1/session/proof', { password }).then(done, (thrown: unknown) =>
      setWrong(problemOf(thrown).field === 'password' ? t('proofs.proof.wrong') : reason(thrown as Wrong)));
  }
  return (
    <Modal opened onClose={cancel} title={t('proofs.proof')} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('proofs.proof.text')}</Text>
          <PasswordInput label={t('proofs.proof.password')} autoComplete="current-password" data-autofocus value={password} error={wrong}
            visibilityToggleButtonProps={{ 'aria-label': t('app.signin.show') }} onChange={(e) => setPassword(e.currentTarget.value)} />
          <Button type="submit" style={{ alignSelf: 'flex-end' }}>{t('proofs.step.do')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}

export function Proofs() {
  const { t } = useWords();
  return (
    <Paper component="section" aria-label={t('proofs.factors')} p="lg" withBorder>
      <Title order={2} size="h5" mb="md">{t('proofs.factors')}</Title>
      <Factors />
    </Paper>
  );
}

/** Who must have a second factor sees nothing else before there is one. */
export function Enrol() {
  const { t } = useWords();
  const { data } = useMine();
  const { signOut } = useSession();
  return (
    <Door>
      <Stack>
        <Title order={2} size="h4">{t('proofs.enrol')}</Title>
        <Text size="sm">{t('proofs.enrol.text')}</Text>
        <Factors />
        {data && data.items.length > 0 && <Button onClick={() => void recognise()}>{t('proofs.enrol.done')}</Button>}
        <Button variant="default" onClick={() => void signOut()}>{t('app.signout')}</Button>
      </Stack>
    </Door>
  );
}

function Factors() {
  const { t } = useWords();
  const mine = useMine();
  const { run, dialog } = useProving();
  const [totp, setTotp] = useState<NewTotp | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  if (!mine.data) return mine.error ? <Failure problem={mine.error} retry={() => void mine.refetch()} /> : <Lines rows={3} />;
  const { items, recovery_left, passkeys } = mine.data;
  const hasTotp = items.some((f) => f.kind === 'totp');
  const enrolled = (made: Enrolled) => setCodes(made.recovery_codes ?? []);

  const addPasskey = async () => {
    const asked = await post<Asked>(`${path}/passkey`);
    const made = await create(asked).catch(() => null);
    if (!made) return complain(t('proofs.passkey.failed'));
    enrolled(await post<Enrolled>(`${path}/passkey/confirm`, { ...made, name: t('proofs.name.passkey') }));
  };

  return (
    <Stack gap="md" align="flex-start">
      {items.length === 0 && <Text size="sm">{t('proofs.factors.none')}</Text>}
      {items.map((f) => <One key={f.factor_id} factor={f} remove={() => run(() => del(`${path}/${f.factor_id}`))} />)}
      <Group gap="xs">
        {!hasTotp && <Button variant="default" onClick={() => void run(async () => setTotp(await post<NewTotp>(`${path}/totp`)))}>{t('proofs.add.totp')}</Button>}
        {passkeys && able() && <Button variant="default" onClick={() => void run(addPasskey)}>{t('proofs.add.passkey')}</Button>}
      </Group>
      {!passkeys && <Text size="sm" c="dimmed">{t('proofs.nopasskeys')}</Text>}
      {items.length > 0 && (
        <Group gap="xs">
          <Text size="sm">{t('proofs.recovery', { n: recovery_left })}</Text>
          <Button variant="subtle" size="compact-sm" onClick={() => void run(async () => setCodes((await post<{ codes: string[] }>('/api/v1/me/recovery')).codes))}>{t('proofs.recovery.new')}</Button>
        </Group>
      )}
      <Identities items={mine.data.identities} run={run} />
      {totp && <Totp made={totp} close={() => setTotp(null)} keep={(done) => { setTotp(null); void run(async () => enrolled(done)); }} />}
      {codes.length > 0 && <Recovery codes={codes} close={() => setCodes([])} />}
      {dialog}
    </Stack>
  );
}

function One({ factor, remove }: { factor: Factor; remove: () => Promise<void> }) {
  const { t, locale } = useWords();
  const [asking, ask] = useState(false);
  const name = factor.name || t(`proofs.${factor.kind}`);
  const at = factor.used_at && new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(factor.used_at));
  return (
    <Group justify="space-between" w="100%" wrap="nowrap">
      <div>
        <Text size="sm" fw={600}>{name}</Text>
        <Text size="xs" c="dimmed">{t(`proofs.${factor.kind}`)}. {at ? t('proofs.used', { at }) : t('proofs.unused')}</Text>
      </div>
      <Button variant="default" size="xs" aria-label={`${t('proofs.remove')}: ${name}`} onClick={() => ask(true)}>{t('proofs.remove')}</Button>
      <ConfirmDialog opened={asking} danger title={t('proofs.remove.title', { name })} text={t('proofs.remove.text')} confirm={t('proofs.remove')} onCancel={() => ask(false)} onConfirm={() => { ask(false); void remove(); }} />
    </Group>
  );
}

interface NewTotp {
  token: string;
  secret: string;
  picture: string;
}

function Totp({ made, keep, close }: { made: NewTotp; keep: (done: Enrolled) => void; close: () => void }) {
  const { t } = useWords();
  const reason = useReason();
  const [code, setCode] = useState('');
  const [name, setName] = useState<string>(t('proofs.name.totp'));
  const [wrong, setWrong] = useState('');
  function submit(e: FormEvent): void {
    e.preventDefault();
    post<Enrolled>(`${path}/totp/confirm`, { token: made.token, code, name }).then(keep, (thrown: unknown) =>
      setWrong(problemOf(thrown).field === 'code' ? t('proofs.totp.wrong') : reason(thrown as Wrong)));
  }
  return (
    <Modal opened onClose={close} title={t('proofs.add.totp')} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('proofs.totp.scan')}</Text>
          <img src={`data:image/svg+xml,${encodeURIComponent(made.picture)}`} alt={t('proofs.totp.picture')} width={220} height={220} style={{ marginInline: 'auto' }} />
          <TextInput label={t('proofs.totp.secret')} readOnly value={made.secret} />
          <TextInput label={t('proofs.name')} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput label={t('proofs.totp.code')} data-autofocus inputMode="numeric" autoComplete="one-time-code" value={code} error={wrong} onChange={(e) => setCode(e.currentTarget.value)} />
          <Button type="submit" disabled={!code.trim()} style={{ alignSelf: 'flex-end' }}>{t('proofs.keep')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Recovery({ codes, close }: { codes: string[]; close: () => void }) {
  const { t } = useWords();
  return (
    <Modal opened onClose={close} closeOnClickOutside={false} title={t('proofs.recovery.title')} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <Stack>
        <Alert>{t('proofs.recovery.text')}</Alert>
        <Stack gap={4} align="center">{codes.map((c) => <Text key={c} component="code" ff="monospace">{c}</Text>)}</Stack>
        <Button data-autofocus onClick={close}>{t('proofs.recovery.kept')}</Button>
      </Stack>
    </Modal>
  );
}

function Identities({ items, run }: { items: Identity[]; run: (act: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useWords();
  const { data } = useWays();
  const { enrol } = useSession();
  if (enrol || (!data?.providers.length && items.length === 0)) return null;
  return (
    <Stack gap="xs" w="100%">
      <Title order={3} size="h6">{t('proofs.identities')}</Title>
      {items.map((i) => (
        <Group key={i.identity_id} justify="space-between">
          <Text size="sm">{i.name || i.subject}</Text>
          <Button variant="default" size="xs" aria-label={`${t('proofs.unlink')}: ${i.name || i.subject}`} onClick={() => void run(() => del(`/api/v1/me/identities/${i.identity_id}`))}>{t('proofs.unlink')}</Button>
        </Group>
      ))}
      <Group gap="xs">
        {data?.providers.map((p) => <Button key={p.provider_id} variant="default" onClick={() => void run(() => travel('/api/v1/me/identities', p.provider_id))}>{t('proofs.link', { name: p.name })}</Button>)}
      </Group>
    </Stack>
  );
}
