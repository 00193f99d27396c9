/** One account: its form is drawn from the fields of its kind. */
import { Alert, Button, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { complain, say, useReason, useUnsaved } from '../../kit';
import { freshId } from '../../kit/sheet/ids';
import { Sheet } from '../../kit/sheet/Sheet';
import { problemOf, putAccount, type ChannelAccount, type Channels, type Entered, type Kind, type Made } from '../../sync';
import { enteredOf, missing, valuesOf, type Values } from './entered';
import { Fields, More } from './Fields';
import { Health } from './Health';
import { Keys } from './Keys';
import { Looks } from './Looks';
import { Once } from './Once';
import { useOurWords } from './sentences';
import { Told, useTest } from './Test';
import { useWords } from './text';
import { useTurn } from './useTurn';

interface Props {
  channels: Channels;
  /** None for a new one. */
  account?: ChannelAccount;
  /** What was made with it a moment ago. */
  made?: Made;
  saved: (id: string, made: Made) => void;
  close: () => void;
}

const bare: Kind = { kind: '', name: '', fields: [] };
/** Nobody stands behind these who could be asked. */
const untested = new Set(['api', 'phone', 'widget']);

export function ChannelForm({ channels, account, made, saved, close }: Props) {
  const { t } = useWords();
  const form = useForm(channels, account, saved);
  const { kind, values, wrong, dirty } = form;
  const test = useTest(account?.account_id ?? '');
  const fields = { values, wrong, kept: !!account, change: form.change };
  const usual = kind.fields.filter((f) => !f.advanced);
  const advanced = kind.fields.filter((f) => f.advanced);
  const hidden = [...advanced.map((f) => f.name), ...(account ? [] : ['id'])];
  const save = async () => {
    test.forget();
    await form.save();
  };
  return (
    <Sheet
      title={account ? account.name || account.account_id : t('channels.add')} about={account && `${kind.name} · ${account.account_id}`} size="md"
      editing={{ busy: form.busy, submit: save, wrong }} close={close} told={test.told && <Told told={test.told} />}
      more={account && !untested.has(kind.kind) && (
        <Button variant="default" loading={test.busy} disabled={dirty} title={dirty ? t('channels.test.unsaved') : undefined} onClick={test.run}>
          {t('channels.test')}
        </Button>
      )}
    >
      {account && <Power account={account} />}
      {made && <Once kind={kind.kind} made={made} />}
      {!account && (
        <Select data-autofocus label={t('channels.kind')} data={channels.kinds.map((k) => ({ value: k.kind, label: k.name }))} value={kind.kind} allowDeselect={false} onChange={(k) => k && form.choose(k)} />
      )}
      <TextInput label={t('channels.name')} placeholder={kind.name} value={form.name} onChange={(e) => form.setName(e.currentTarget.value)} />
      {!account && (
        <Select label={t('channels.line')} data={channels.places.map((p) => ({ value: p.line, label: p.name }))} value={form.line} allowDeselect={false} onChange={(l) => l && form.setLine(l)} />
      )}
      <Fields fields={usual} {...fields} />
      {kind.kind === 'widget' && <Looks settings={form.looks} wrong={wrong} change={form.setLooks} />}
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
    </Sheet>
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
  const id = account?.account_id ?? ownId ?? freshId(kindName, channels.accounts.map((a) => a.account_id));
  const [name, setName] = useState(account?.name ?? '');
  const [line, setLine] = useState(channels.places[0]?.line ?? '');
  const [values, setValues] = useState<Values>(() => valuesOf(kind, account));
  const [looks, setLooks] = useState(account?.settings ?? {});
  const [keptLooks, keepLooks] = useState(looks);
  const [wrong, setWrong] = useState<Values>({});
  const [busy, setBusy] = useState(false);
  const mended = (field: string) => setWrong((all) => Object.fromEntries(Object.entries(all).filter(([f]) => f !== field)));

  const refused = (thrown: unknown) => {
    const problem = problemOf(thrown);
    const field = problem.field.replace(/^(settings|secrets)\./, '').replace(/^account_id$/, 'id');
    const shown = field === 'id' || (kindName === 'widget' && ['accent', 'logo'].includes(field)) || kind.fields.some((f) => f.name === field);
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
      const entered = kindName === 'widget' ? { settings: looks } : enteredOf(kind, values, account);
      const kept = await putAccount(id, {
        kind: kindName, name: name.trim() || kind.name, ...where, ...entered, disabled: account?.disabled ?? true, revision: account?.revision,
      });
      setName(kept.name);
      setValues(valuesOf(kind, kept));
      keepLooks(looks);
      say(t('channels.saved'));
      saved(id, { key: kept.key, signing: kept.signing });
    } catch (thrown) {
      refused(thrown);
    } finally {
      setBusy(false);
    }
  }

  const before = valuesOf(kind, account);
  const dirty = name !== (account?.name ?? '') || kind.fields.some((f) => values[f.name] !== before[f.name]);
  const changed = dirty || JSON.stringify(looks) !== JSON.stringify(keptLooks);
  useUnsaved(changed && !busy);
  return {
    kind, id, name, line, values, wrong, busy, dirty, looks, save, setName, setLine,
    setLooks: (next: Entered) => {
      setLooks(next);
      setWrong({});
    },
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
