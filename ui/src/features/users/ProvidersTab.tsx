/** «Вход через провайдера»: with whom else users can sign in. */
import { Alert, Badge, Button, PasswordInput, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Failure, Lines } from '../../kit';
import { KeyIcon } from '../../kit/icons';
import { Copied } from '../../kit/sheet/Copied';
import { idOf, isId } from '../../kit/sheet/ids';
import { OurWords } from '../../kit/sheet/OurWords';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { useEditing } from '../../kit/sheet/useEditing';
import { problemOf } from '../../sync';
import { putProvider, removeProvider, tryProvider, useProviders, useReturnAddress, type Provider, type Tried } from '../../sync/proofs';
import { useEntryWords } from './entryText';
import { addressOf, fresh, type Go, type Place } from './place';
import { useOurWords } from './sentences';
import sheet from '../../kit/sheet/sheet.module.css';

export function ProvidersTab({ place, go }: { place: Place; go: Go }) {
  const { t } = useEntryWords();
  const said = useOurWords();
  const { data, error, refetch } = useProviders();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={4} height={40} />;
  const hrefOf = (open: string) => addressOf({ ...place, open });
  const provider = data.find((p) => p.provider_id === place.open);
  return (
    <OurWords value={said}>
      <Records
        lead={t('entry.lead')} add={{ text: t('entry.add'), href: hrefOf(fresh) }}
        records={data} idOf={(p) => p.provider_id} nameOf={(p) => p.name} name={t('entry.name')} hrefOf={hrefOf}
        columns={[
          { title: t('entry.state'), show: (p) => <State off={p.disabled} />, width: 140 },
          { title: t('entry.issuer'), show: (p) => p.issuer },
          { title: t('entry.client'), show: (p) => p.client_id },
        ]}
        wordsOf={(p) => [p.name, p.provider_id, p.issuer, p.client_id].join(' ')} query={place.search} search={(search) => go({ search }, true)}
        none={{ title: t('entry.none'), text: t('entry.none.text'), icon: <KeyIcon size={32} aria-hidden /> }}
      />
      {(provider || place.open === fresh) && <ProviderForm key={place.open} all={data} provider={provider} show={(open) => go({ open }, open !== '')} />}
    </OurWords>
  );
}

function State({ off }: { off: boolean }) {
  const { t } = useEntryWords();
  return <Badge variant="light" color={off ? 'gray' : 'green'} tt="none">{t(off ? 'entry.state.off' : 'entry.state.on')}</Badge>;
}

interface FormProps {
  all: readonly Provider[];
  /** None for a new one. */
  provider?: Provider;
  show: (open: string) => void;
}

function ProviderForm({ all, provider: now, show }: FormProps) {
  const { t } = useEntryWords();
  const words = useSheetWords();
  const [provider] = useState(now);
  const taken = all.map((p) => p.provider_id);
  const editing = useEditing({
    begin: () => ({ id: '', name: provider?.name ?? '', issuer: provider?.issuer ?? 'https://', client: provider?.client_id ?? '', secret: '', disabled: provider?.disabled ?? false }),
    check: (v) => ({
      name: v.name.trim() ? undefined : words.t('sheet.need'), id: v.id === '' || isId(v.id) ? undefined : words.t('sheet.wrong.id'),
      issuer: /^https?:\/\/[^\s/]/.test(v.issuer.trim()) ? undefined : t('entry.issuer.wrong'), client: v.client.trim() ? undefined : words.t('sheet.need'),
      secret: provider?.has_secret && v.secret === '' && v.issuer.trim() !== provider.issuer ? t('entry.secret.anew') : undefined,
    }),
    put: (v) => putProvider(
      provider?.provider_id ?? (v.id || idOf(v.name, 'provider', taken)),
      { name: v.name.trim(), issuer: v.issuer.trim(), client_id: v.client.trim(), disabled: v.disabled, client_secret: v.secret || undefined }, provider?.revision,
    ),
    fieldOf: (named) => ({ provider_id: 'id', name: 'name', issuer: 'issuer', client_id: 'client', client_secret: 'secret' } as const)[named],
    said: t('entry.saved'),
    // A new one is tried next.
    done: (_, kept) => show(provider ? '' : kept.provider_id),
  });
  const { value, wrong, set } = editing;
  const name = provider?.name ?? t('entry.add');
  return (
    <Sheet
      title={name} about={provider?.provider_id} size={640} editing={editing} close={() => show('')}
      remove={provider && { title: t('entry.delete', { name }), text: t('entry.delete.text'), run: () => removeProvider(provider.provider_id), said: t('entry.deleted', { name }) }}
    >
      {value.disabled && <Alert color="yellow" variant="light">{t('entry.off')}</Alert>}
      <Return />
      <TextInput label={t('entry.name')} description={t('entry.name.hint')} withAsterisk data-autofocus placeholder="Keycloak" value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!provider && (
        <TextInput
          label={t('entry.id')} description={words.t('sheet.id.hint')} placeholder={idOf(value.name, 'provider', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      <TextInput label={t('entry.issuer')} description={t('entry.issuer.hint')} withAsterisk inputMode="url" value={value.issuer} error={wrong.issuer} onChange={(e) => set({ issuer: e.currentTarget.value })} />
      <TextInput label={t('entry.client')} withAsterisk value={value.client} error={wrong.client} autoComplete="off" onChange={(e) => set({ client: e.currentTarget.value })} />
      <PasswordInput
        label={t(provider?.has_secret ? 'entry.secret.new' : 'entry.secret')} description={t(provider?.has_secret ? 'entry.secret.kept' : 'entry.secret.hint')} autoComplete="new-password" value={value.secret} error={wrong.secret}
        visibilityToggleButtonProps={{ 'aria-label': t('app.signin.show'), tabIndex: 0, 'aria-hidden': false }} onChange={(e) => set({ secret: e.currentTarget.value })}
      />
      {provider && <Switch label={t('entry.on')} checked={!value.disabled} onChange={(e) => set({ disabled: !e.currentTarget.checked })} />}
      <section className={sheet.part}>
        <h3>{t('entry.who')}</h3>
        <Text size="sm">{t('entry.who.text')}</Text>
      </section>
      {provider && <Try id={provider.provider_id} dirty={editing.dirty} />}
    </Sheet>
  );
}

/** What is taken along to the provider before anything else. */
function Return() {
  const { t } = useEntryWords();
  const { data } = useReturnAddress();
  if (data === undefined) return null;
  if (!data) return <Alert color="red" variant="light" role="status">{t('entry.return.none')}</Alert>;
  return (
    <div>
      <Copied title={t('entry.return')} value={data} />
      <Text size="xs" c="dimmed" mt={4}>{t('entry.return.hint')}</Text>
    </div>
  );
}

/** Asks the provider for what it says of itself, and tells what stands in the way. */
function Try({ id, dirty }: { id: string; dirty: boolean }) {
  const { t } = useEntryWords();
  const ours = useOurWords();
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<Tried>();
  const run = () => {
    setBusy(true);
    tell(undefined);
    tryProvider(id)
      .then(tell, (e: unknown) => tell({ works: false, reason: problemOf(e).detail || String(e) }))
      .finally(() => setBusy(false));
  };
  return (
    <div>
      <Button variant="default" loading={busy} disabled={dirty} title={dirty ? t('entry.try.unsaved') : undefined} onClick={run}>{t('entry.try')}</Button>
      {told && (
        <Alert mt="sm" role="status" variant="light" color={told.works ? 'green' : 'red'}>
          {told.works ? t('entry.try.ok') : t('entry.try.failed', { why: ours(told.reason) })}
        </Alert>
      )}
    </div>
  );
}
