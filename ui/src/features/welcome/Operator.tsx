/** «Первый оператор»: somebody new, or the administrator as well. */
import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRef, useState } from 'react';
import { useWords } from './text';
import { InfoIcon } from '../../kit/icons';
import { problemOf, useSession, type Problem } from '../../sync';
import { Acts } from './Acts';
import { checkLogin, checkName, checkSurname } from './check';
import { Credentials } from './Credentials';
import { loginOf, newPassword } from './ids';
import type { Begun, Kept } from './kept';
import { CAPACITY, saveMyself, saveOperator, type OperatorWish } from './save';
import { useSave } from './useSave';

interface Props {
  begun: Begun;
  logins: readonly string[];
  reread: () => Promise<Kept | undefined>;
  onSaved: () => Promise<void>;
  onSkip: () => void;
}

type Made = { name: string; login: string; password: string };

export function Operator(props: Props) {
  const { t } = useWords();
  const [who, setWho] = useState('new');
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <Credentials {...made} onNext={() => void props.onSaved().then(() => setMade(null))} onMore={() => setMade(null)} />;
  return (
    <Stack gap="md">
      <Radio.Group label={t('welcome.operator.who')} value={who} onChange={setWho}>
        <Group gap="lg" mt={8}>
          <Radio value="new" label={t('welcome.operator.new')} />
          <Radio value="me" label={t('welcome.operator.me')} />
        </Group>
      </Radio.Group>
      {who === 'new' ? <NewOperator {...props} onMade={setMade} /> : <Myself {...props} />}
    </Stack>
  );
}

function NewOperator({ logins, reread, onSkip, onMade }: Props & { onMade: (made: Made) => void }) {
  const { t } = useWords();
  const form = useOperatorForm(logins);
  const { busy, problem, run, refuse } = useSave(form);
  const tried = useRef({ login: '', password: newPassword() });
  const save = (wish: OperatorWish) => async () => {
    const login = wish.login.trim();
    const before = tried.current.login;
    tried.current.login = login;
    await saveOperator(wish, tried.current.password, before);
    onMade({ name: `${wish.firstName} ${wish.lastName}`.trim(), login, password: tried.current.password });
    void reread();
  };
  // The login follows the name until somebody writes one.
  const written = useRef(false);
  const named = (part: Partial<OperatorWish>) => {
    const next = { ...form.getValues(), ...part };
    form.setValues(written.current ? next : { ...next, login: loginOf(next.firstName, next.lastName) });
  };
  const logIn = (login: string) => {
    written.current = login !== '';
    form.setFieldValue('login', login);
  };
  return (
    <form noValidate onSubmit={form.onSubmit((wish) => void run(save(wish)), refuse)}>
      <Stack gap="sm">
        <Group grow align="flex-start" gap="sm">
          <TextInput label={t('welcome.operator.first')} withAsterisk {...form.getInputProps('firstName')} onChange={(e) => named({ firstName: e.currentTarget.value })} />
          <TextInput label={t('welcome.operator.last')} {...form.getInputProps('lastName')} onChange={(e) => named({ lastName: e.currentTarget.value })} />
        </Group>
        <TextInput
          label={t('welcome.operator.login')}
          description={t('welcome.operator.login.text')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          withAsterisk
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('login')}
          onChange={(e) => logIn(e.currentTarget.value)}
        />
        <Acts label="welcome.operator.do" busy={busy} problem={problem} onSkip={onSkip} />
      </Stack>
    </form>
  );
}

function useOperatorForm(logins: readonly string[]) {
  const { t } = useWords();
  return useForm<OperatorWish & Record<string, unknown>>({
    initialValues: { firstName: '', lastName: '', login: '' },
    validate: {
      firstName: (v) => worded(checkName(v)),
      lastName: (v) => worded(checkSurname(v)),
      login: (v) => worded(checkLogin(v, logins)),
    },
  });
  function worded(key: ReturnType<typeof checkName>) {
    return key && t(key);
  }
}

function Myself({ onSaved, onSkip }: Props) {
  const { t } = useWords();
  const { user } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    await saveMyself(user?.userId ?? '').then(onSaved, (thrown) => setProblem(problemOf(thrown)));
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void save())}>
      <Text size="sm" c="dimmed">{t('welcome.operator.me.text', { count: CAPACITY })}</Text>
      <Stack gap="sm">
        <Acts label="welcome.operator.me.do" busy={busy} problem={problem} onSkip={onSkip} />
      </Stack>
    </form>
  );
}

/** A step that has nothing to stand on yet. */
export function Needs({ onCenter }: { onCenter: () => void }) {
  const { t } = useWords();
  return (
    <Alert variant="light" color="blue" icon={<InfoIcon size={18} aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('welcome.needs')}</Text>
        <Button size="compact-sm" variant="default" onClick={onCenter}>{t('welcome.needs.do')}</Button>
      </Group>
    </Alert>
  );
}
