import { Alert, Badge, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Failure, Lines } from '../../kit';
import { KeyIcon } from '../../kit/icons';
import { idOf, isId } from '../../kit/sheet/ids';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { putKey, removeKey, rotateKey, useKeys, type ApiKey } from '../../sync/programs';
import type { Place } from './ProgramsPage';
import { Rights } from './Rights';
import { Once, Rotate } from './Secret';
import { useWords } from './text';

export function KeysTab({ place }: { place: Place }) {
  const { t, dateTime } = useWords();
  const { data, error, refetch } = useKeys();
  const [secret, tell] = useState<{ id: string; secret: string }>();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />;
  const key = data.find((k) => k.key_id === place.open);
  const roles = (k: ApiKey) => k.roles.map((role) => t(`pr.role.${role}` as 'pr.role.admin')).join(', ');
  return (
    <>
      <Records
        lead={t('pr.keys.lead')} add={{ text: t('pr.keys.add'), href: place.hrefOf(fresh) }}
        records={data} idOf={(k) => k.key_id} nameOf={(k) => k.name || k.key_id} name={t('pr.name')} hrefOf={place.hrefOf}
        columns={[
          { title: t('pr.state'), show: (k) => <State of={k} /> },
          { title: t('pr.roles'), show: (k) => roles(k) || t('pr.none'), width: '34%' },
          { title: t('pr.key.rate'), show: (k) => k.rate || 600 },
          { title: t('pr.key.used'), show: (k) => (k.used_at ? dateTime(Date.parse(k.used_at)) : t('pr.key.used.never')) },
        ]}
        wordsOf={(k) => [k.name, k.key_id, roles(k), ...k.roles].join(' ')} query={place.query} search={place.search}
        none={{ title: t('pr.keys.none'), text: t('pr.keys.none.text'), icon: <KeyIcon size={32} aria-hidden /> }}
      />
      {(key || place.open === fresh) && (
        <KeyForm
          key={place.open} keys={data} apiKey={key} place={place} secret={secret?.id === place.open ? secret.secret : undefined}
          tell={(id, told) => tell({ id, secret: told })}
        />
      )}
    </>
  );
}

function stateOf({ disabled, until }: ApiKey): 'on' | 'off' | 'ended' {
  if (disabled) return 'off';
  return until && Date.parse(until) < Date.now() ? 'ended' : 'on';
}

function State({ of }: { of: ApiKey }) {
  const { t } = useWords();
  const state = stateOf(of);
  return <Badge variant="light" color={state === 'on' ? 'green' : 'gray'} tt="none">{t(`pr.state.${state}`)}</Badge>;
}

interface FormProps {
  keys: readonly ApiKey[];
  /** None for a new one. */
  apiKey?: ApiKey;
  place: Place;
  secret?: string;
  tell: (id: string, secret: string) => void;
}

/** Of the clock on the wall here, as a field for it wants it. */
function localOf(at: string | undefined): string {
  if (!at) return '';
  const d = new Date(at);
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function KeyForm({ keys, apiKey: now, place, secret, tell }: FormProps) {
  const { t, dateTime } = useWords();
  const words = useSheetWords();
  const [key] = useState(now);
  const taken = keys.map((k) => k.key_id);
  const editing = useEditing({
    begin: () => ({
      id: '', name: key?.name ?? '', until: localOf(key?.until), rate: key?.rate ?? 0, disabled: key?.disabled ?? false,
      roles: key?.roles ?? [], center_ids: key?.center_ids ?? [], line_ids: key?.line_ids ?? [], languages: key?.languages ?? [], skills: key?.skills ?? [],
    }),
    check: (v) => ({
      name: v.name.trim() ? undefined : words.t('sheet.need'), id: v.id === '' || isId(v.id) ? undefined : words.t('sheet.wrong.id'),
      rate: v.rate >= 0 && v.rate <= 60_000 ? undefined : t('pr.limit', { max: 60_000 }),
    }),
    put: ({ id, until, ...v }) =>
      putKey(key?.key_id ?? (id || idOf(v.name, 'program', taken)), { ...v, name: v.name.trim(), until: until ? new Date(until).toISOString() : undefined }, key?.revision),
    fieldOf: (named) => ({ key_id: 'id', name: 'name', until: 'until', rate: 'rate', roles: 'roles', center_ids: 'center_ids', line_ids: 'line_ids', languages: 'languages', skills: 'skills' } as const)[named],
    said: t('pr.key.saved'),
    done: (_, kept) => {
      if (kept.secret) tell(kept.key_id, kept.secret);
      place.show(kept.secret ? kept.key_id : '', true);
    },
  });
  const { value, wrong, set } = editing;
  const name = key ? key.name || key.key_id : t('pr.keys.add');
  return (
    <Sheet
      title={name} about={key?.key_id} size={680} editing={editing} close={() => place.show('')}
      more={key && <Rotate title={t('pr.key.rotate.title')} text={t('pr.key.rotate.text')} make={() => rotateKey(key.key_id)} made={(told) => tell(key.key_id, told)} />}
      remove={key && { title: t('pr.key.delete', { name }), text: t('pr.key.delete.text'), run: () => removeKey(key.key_id), said: t('pr.deleted', { name }) }}
    >
      {secret && <Once title={t('pr.key.secret')} value={secret} />}
      {value.disabled && <Alert color="yellow" variant="light">{t('pr.key.off')}</Alert>}
      <TextInput label={t('pr.name')} withAsterisk data-autofocus={!secret || undefined} placeholder="CRM" value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!key && (
        <TextInput
          label={words.t('sheet.id')} description={t('pr.id.hint')} placeholder={idOf(value.name, 'program', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      {key && <Switch label={t('pr.on')} checked={!value.disabled} onChange={(e) => set({ disabled: !e.currentTarget.checked })} />}
      <Rights value={value} wrong={wrong} change={set} />
      <TextInput type="datetime-local" label={t('pr.key.until')} description={t('pr.key.until.hint')} value={value.until} error={wrong.until} onChange={(e) => set({ until: e.currentTarget.value })} />
      <TextInput
        inputMode="numeric" label={t('pr.key.rate')} description={t('pr.key.rate.hint')} value={String(value.rate)} error={wrong.rate}
        onChange={(e) => set({ rate: Number(e.currentTarget.value.replace(/\D/g, '')) })}
      />
      {key && <TextInput readOnly label={t('pr.key.used')} description={t('pr.key.used.hint')} value={now?.used_at ? dateTime(Date.parse(now.used_at)) : t('pr.key.used.never')} />}
    </Sheet>
  );
}
