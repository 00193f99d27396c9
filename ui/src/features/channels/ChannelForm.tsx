/** One account: its form is drawn from the fields of its kind. */
import { Alert, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { complain, say, useReason } from '../../kit';
import { problemOf, putAccount, type ChannelAccount, type Channels, type Kind, type Made } from '../../sync';
import { enteredOf, freshId, missing, valuesOf, type Values } from './entered';
import { Fields, More } from './Fields';
import { Health } from './Health';
import { Keys } from './Keys';
import { Once } from './Once';
import { useOurWords } from './sentences';
import { Told, useTest } from './Test';
import { useWords } from './text';
import { useTurn } from './useTurn';
import classes from './channels.module.css';

interface Props {
  channels: Channels;
  /** None for a new one. */
  account?: ChannelAccount;
  /** What was made with it a moment ago. */
  made?: Made;
  saved: (id: string, made: Made) => void;
}

const bare: Kind = { kind: '', name: '', fields: [] };
/** Nobody stands behind these who could be asked. */
const untested = new Set(['api', 'phone', 'widget']);

export function ChannelForm({ channels, account, made, saved }: Props) {
  const { t } = useWords();
  const form = useForm(channels, account, saved);
  const { kind, values, wrong, dirty } = form;
  const test = useTest(account?.account_id ?? '');
  const fields = { values, wrong, kept: !!account, change: form.change };
  const usual = kind.fields.filter((f) => !f.advanced);
  const advanced = kind.fields.filter((f) => f.advanced);
  const hidden = [...advanced.map((f) => f.name), ...(account ? [] : ['id'])];
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        test.forget();
        void form.save();
      }}
    >
      {account && (
        <Text size="xs" c="dimmed">
          {kind.name} · {account.account_id}
        </Text>
      )}
      {account && <Power account={account} />}
      {made && <Once kind={kind.kind} made={made} />}
      {!account && (
        <Select label={t('channels.kind')} data={channels.kinds.map((k) => ({ value: k.kind, label: k.name }))} value={kind.kind} allowDeselect={false} onChange={(k) => k && form.choose(k)} />
      )}
      <TextInput label={t('channels.name')} placeholder={kind.name} value={form.name} onChange={(e) => form.setName(e.currentTarget.value)} />
      {!account && (
        <Select label={t('channels.line')} data={channels.places.map((p) => ({ value: p.line, label: p.name }))} value={form.line} allowDeselect={false} onChange={(l) => l && form.setLine(l)} />
      )}
      <Fields fields={usual} {...fields} />
      {hidden.length > 0 && (
        <More wrong={hidden.some((f) => wrong[f])}>
          <Fields fields={advanced} {...fields} />
          {!account && (
            <TextInput label={t('channels.id')} description={t('channels.id.hint')} value={form.id} error={wrong.id} onChange={(e) => form.setId(e.currentTarget.value)} />
          )}
        </More>
      )}
      {account && kind.kind === 'api' && <Keys id={account.account_id} />}
      {account && <Health id={account.account_id} />}
      <Stack gap="xs" className={classes.foot}>
        {test.told && <Told told={test.told} />}
        <Group gap="xs">
          <Button type="submit" loading={form.busy}>{t('channels.save')}</Button>
          {account && !untested.has(kind.kind) && (
            <Button variant="default" loading={test.busy} disabled={dirty} title={dirty ? t('channels.test.unsaved') : undefined} onClick={test.run}>
              {t('channels.test')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** What is entered, what is wrong with it, and how it is kept. */
function useForm(channels: Channels, account: ChannelAccount | undefined, saved: Props['saved']) {
  const { t } = useWords();
  const reason = useReason();
  const ours = useOurWords();
  const find = (name: string): Kind => channels.kinds.find((k) => k.kind === name) ?? { ...bare, kind: name, name };
  const [kindName, setKind] = useState(account?.kind ?? channels.kinds[0]?.kind ?? '');
  const kind = find(kindName);
  const [ownId, setOwnId] = useState<string>();
  const id = account?.account_id ?? ownId ?? freshId(kindName, channels.accounts);
  const [name, setName] = useState(account?.name ?? '');
  const [line, setLine] = useState(channels.places[0]?.line ?? '');
  const [values, setValues] = useState<Values>(() => valuesOf(kind, account));
  const [wrong, setWrong] = useState<Values>({});
  const [busy, setBusy] = useState(false);
  const mended = (field: string) => setWrong((all) => Object.fromEntries(Object.entries(all).filter(([f]) => f !== field)));

  const refused = (thrown: unknown) => {
    const problem = problemOf(thrown);
    const field = problem.field.replace(/^(settings|secrets)\./, '').replace(/^account_id$/, 'id');
    const shown = field === 'id' || kind.fields.some((f) => f.name === field);
    if (shown) setWrong({ [field]: ours(problem.detail) || reason(thrown) });
    else complain(ours(problem.detail) || reason(thrown));
  };

  async function save(): Promise<void> {
    const empty = [...missing(kind, values, account), ...(id ? [] : ['id'])];
    setWrong(Object.fromEntries(empty.map((f) => [f, t('channels.need')])));
    if (empty.length > 0) return;
    setBusy(true);
    try {
      const center = channels.places.find((p) => p.line === line)?.center ?? '';
      const where = account ? { center_id: account.center_id, routing: account.routing } : { center_id: center, routing: { line_id: line } };
      const entered = enteredOf(kind, values, account);
      const kept = await putAccount(id, {
        kind: kindName, name: name.trim() || kind.name, ...where, ...entered, disabled: account?.disabled ?? true, revision: account?.revision,
      });
      setName(kept.name);
      setValues(valuesOf(kind, kept));
      say(t('channels.saved'));
      saved(id, { key: kept.key, signing: kept.signing });
    } catch (thrown) {
      refused(thrown);
    } finally {
      setBusy(false);
    }
  }

  const before = account && valuesOf(kind, account);
  const dirty = !!before && (name !== account.name || kind.fields.some((f) => values[f.name] !== before[f.name]));
  return {
    kind, id, name, line, values, wrong, busy, dirty, save, setName, setLine,
    setId: (next: string) => {
      setOwnId(next);
      mended('id');
    },
    change: (field: string, value: string) => {
      setValues((all) => ({ ...all, [field]: value }));
      mended(field);
    },
    choose: (next: string) => {
      setKind(next);
      setValues(valuesOf(find(next)));
      setWrong({});
    },
  };
}

/** Whether the channel works at all; what is new is off, and says so. */
function Power({ account }: { account: ChannelAccount }) {
  const { t } = useWords();
  const { busy, turn } = useTurn(account);
  const on = (
    <Switch label={t('channels.on')} checked={!account.disabled} disabled={busy} onChange={(e) => turn(e.currentTarget.checked)} />
  );
  if (!account.disabled) return on;
  return (
    <Alert variant="light" color="blue" role="note">
      <Stack gap="xs">
        {t(untested.has(account.kind) ? 'channels.off.only' : 'channels.off')}
        {on}
      </Stack>
    </Alert>
  );
}
