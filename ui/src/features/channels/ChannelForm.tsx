/** One account: its form is drawn from the fields of its kind. */
import { Alert, Button, Group, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n';
import { complain, say, useReason } from '../../kit';
import { problemOf, putAccount, testAccount, type ChannelAccount, type Channels, type Kind, type KindField, type Probed } from '../../sync';
import { enteredOf, missing, valuesOf, type Values } from './entered';
import { Address } from './Address';

interface Props {
  channels: Channels;
  /** None for a new one. */
  account?: ChannelAccount;
  saved: (id: string) => void;
}

const bare: Kind = { kind: '', name: '', fields: [] };

export function ChannelForm({ channels, account, saved }: Props) {
  const { t } = useText();
  const reason = useReason();
  const [kindName, setKind] = useState(account?.kind ?? channels.kinds[0]?.kind ?? '');
  const kind = channels.kinds.find((k) => k.kind === kindName) ?? { ...bare, kind: kindName, name: kindName };
  const [id, setId] = useState(account?.account_id ?? '');
  const [name, setName] = useState(account?.name ?? '');
  const [line, setLine] = useState(channels.places[0]?.line ?? '');
  const [values, setValues] = useState<Values>(() => valuesOf(kind, account));
  const [wrong, setWrong] = useState<Values>({});
  const [busy, setBusy] = useState(false);
  const choose = (next: string) => {
    setKind(next);
    setValues({});
    setWrong({});
  };

  async function save(): Promise<void> {
    const empty = [...missing(kind, values, account), ...(id ? [] : ['id'])];
    setWrong(Object.fromEntries(empty.map((f) => [f, t('channels.need')])));
    if (empty.length > 0) return;
    setBusy(true);
    try {
      const place = channels.places.find((p) => p.line === line);
      const where = account ? { center_id: account.center_id, routing: account.routing } : { center_id: place?.center ?? '', routing: { line_id: line } };
      await putAccount(id, { kind: kindName, name, ...where, ...enteredOf(kind, values, account), disabled: account?.disabled ?? true, revision: account?.revision });
      say(t('channels.saved'));
      saved(id);
    } catch (thrown) {
      const problem = problemOf(thrown);
      const field = problem.field.replace(/^(settings|secrets)\./, '');
      if (field) setWrong({ [field]: problem.detail || reason(thrown) });
      else complain(reason(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack gap="sm">
      {!account && (
        <>
          <Select label={t('channels.kind')} data={channels.kinds.map((k) => ({ value: k.kind, label: k.name }))} value={kindName} allowDeselect={false} onChange={(k) => k && choose(k)} />
          <TextInput label={t('channels.id')} description={t('channels.id.hint')} value={id} error={wrong.id} onChange={(e) => setId(e.currentTarget.value)} />
          <Select label={t('channels.line')} data={channels.places.map((p) => ({ value: p.line, label: p.name }))} value={line} allowDeselect={false} onChange={(l) => l && setLine(l)} />
        </>
      )}
      <TextInput label={t('channels.name')} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Fields kind={kind} values={values} wrong={wrong} kept={!!account} change={(f, v) => setValues({ ...values, [f]: v })} />
      <Group>
        <Button loading={busy} onClick={() => void save()}>{t('channels.save')}</Button>
      </Group>
      {account && <Test id={account.account_id} />}
      {account && <Address id={account.account_id} />}
    </Stack>
  );
}

interface FieldsProps {
  kind: Kind;
  values: Values;
  wrong: Values;
  kept: boolean;
  change: (field: string, value: string) => void;
}

function Fields({ kind, change, values, wrong, kept }: FieldsProps) {
  const { t } = useText();
  const [more, setMore] = useState(false);
  const shown = (f: KindField) => !f.advanced || more || wrong[f.name];
  return (
    <>
      {kind.fields.filter(shown).map((f) => (
        <Field key={f.name} field={f} value={values[f.name] ?? ''} wrong={wrong[f.name]} kept={kept} change={(v) => change(f.name, v)} />
      ))}
      {kind.fields.some((f) => f.advanced) && <Switch label={t('channels.advanced')} checked={more} onChange={(e) => setMore(e.currentTarget.checked)} />}
    </>
  );
}

interface FieldProps {
  field: KindField;
  value: string;
  wrong?: string;
  kept: boolean;
  change: (value: string) => void;
}

function Field({ field: f, value, wrong, kept, change }: FieldProps) {
  const { t } = useText();
  const common = { label: f.title, description: f.hint, error: wrong, withAsterisk: f.required && !(f.kind === 'secret' && kept) };
  if (f.kind === 'bool') return <Switch label={f.title} description={f.hint} checked={(value || f.default) === 'true'} onChange={(e) => change(String(e.currentTarget.checked))} />;
  if (f.kind === 'choice') {
    const data = (f.choices ?? []).map((c) => ({ value: c.value, label: c.title }));
    return <Select {...common} data={data} value={value || f.default || null} onChange={(v) => change(v ?? '')} />;
  }
  const text = { ...common, value, onChange: (e: React.ChangeEvent<HTMLInputElement>) => change(e.currentTarget.value) };
  if (f.kind === 'secret') return <PasswordInput {...text} autoComplete="off" placeholder={kept ? t('channels.kept') : undefined} />;
  return <TextInput {...text} placeholder={f.default} inputMode={f.kind === 'number' ? 'numeric' : undefined} />;
}

/** «Проверить подключение»: what the provider says of who we are. */
function Test({ id }: { id: string }) {
  const { t } = useText();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Probed | null>(null);
  const test = () => {
    setBusy(true);
    setTold(null);
    testAccount(id)
      .then(setTold, (e: unknown) => setTold({ ok: false, error: problemOf(e).detail || reason(e) }))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button variant="default" loading={busy} onClick={test}>{t('channels.test')}</Button>
      {told && (
        <Alert role="status" color={told.ok ? 'green' : 'red'}>
          {told.ok ? t('channels.test.ok', { who: [told.name, told.handle].filter(Boolean).join(', ') }) : told.error}
        </Alert>
      )}
    </>
  );
}
