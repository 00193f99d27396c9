import { Alert, Badge, Button, MultiSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Failure, Lines } from '../../kit';
import { SendIcon } from '../../kit/icons';
import { idOf, isId } from '../../kit/sheet/ids';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { problemOf } from '../../sync';
import { putWebhook, removeWebhook, rotateSigning, testWebhook, useWebhooks, type Post, type Webhook } from '../../sync/programs';
import { Fate } from './Fate';
import { kinds } from './kinds';
import type { Place } from './ProgramsPage';
import { Rights } from './Rights';
import { Once, Rotate } from './Secret';
import { useWords } from './text';

export function WebhooksTab({ place }: { place: Place }) {
  const { t } = useWords();
  const { data, error, refetch } = useWebhooks();
  const [signing, tell] = useState<{ id: string; signing: string }>();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />;
  const webhook = data.find((w) => w.webhook_id === place.open);
  const events = (w: Webhook) => w.kinds.map((kind) => (kinds.some((k) => k === kind) ? t(`pr.kind.${kind}` as 'pr.kind.rating_given') : kind)).join(', ');
  return (
    <>
      <Records
        lead={t('pr.webhooks.lead')} add={{ text: t('pr.webhooks.add'), href: place.hrefOf(fresh) }}
        records={data} idOf={(w) => w.webhook_id} nameOf={(w) => w.name || w.webhook_id} name={t('pr.name')} hrefOf={place.hrefOf}
        columns={[
          { title: t('pr.state'), show: (w) => <Badge variant="light" color={w.disabled ? 'gray' : 'green'} tt="none">{t(`pr.state.${w.disabled ? 'off' : 'on'}`)}</Badge> },
          { title: t('pr.webhook.url'), show: (w) => w.url },
          { title: t('pr.webhook.kinds'), show: (w) => events(w) || t('pr.webhook.kinds.all'), width: '34%' },
        ]}
        wordsOf={(w) => [w.name, w.webhook_id, w.url, events(w)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('pr.webhooks.none'), text: t('pr.webhooks.none.text'), icon: <SendIcon size={32} aria-hidden /> }}
      />
      {(webhook || place.open === fresh) && (
        <WebhookForm
          key={place.open} all={data} webhook={webhook} place={place} signing={signing?.id === place.open ? signing.signing : undefined}
          tell={(id, told) => tell({ id, signing: told })}
        />
      )}
    </>
  );
}

interface FormProps {
  all: readonly Webhook[];
  /** None for a new one. */
  webhook?: Webhook;
  place: Place;
  signing?: string;
  tell: (id: string, signing: string) => void;
}

function WebhookForm({ all, webhook: now, place, signing, tell }: FormProps) {
  const { t } = useWords();
  const words = useSheetWords();
  const [webhook] = useState(now);
  const taken = all.map((w) => w.webhook_id);
  const editing = useEditing({
    begin: () => ({
      id: '', name: webhook?.name ?? '', url: webhook?.url ?? 'https://', kinds: webhook?.kinds ?? [], disabled: webhook?.disabled ?? false,
      roles: webhook?.roles ?? [], center_ids: webhook?.center_ids ?? [], line_ids: webhook?.line_ids ?? [], languages: webhook?.languages ?? [], skills: webhook?.skills ?? [],
    }),
    check: (v) => ({
      name: v.name.trim() ? undefined : words.t('sheet.need'), id: v.id === '' || isId(v.id) ? undefined : words.t('sheet.wrong.id'),
      url: /^https?:\/\/[^\s/]/.test(v.url.trim()) ? undefined : t('pr.webhook.url.wrong'),
    }),
    put: ({ id, ...v }) => putWebhook(webhook?.webhook_id ?? (id || idOf(v.name, 'webhook', taken)), { ...v, name: v.name.trim(), url: v.url.trim() }, webhook?.revision),
    fieldOf: (named) => ({ webhook_id: 'id', name: 'name', url: 'url', kinds: 'kinds', roles: 'roles', center_ids: 'center_ids', line_ids: 'line_ids', languages: 'languages', skills: 'skills' } as const)[named],
    said: t('pr.webhook.saved'),
    done: (_, kept) => {
      if (kept.signing) tell(kept.webhook_id, kept.signing);
      place.show(kept.signing ? kept.webhook_id : '', true);
    },
  });
  const { value, wrong, set } = editing;
  const name = webhook ? webhook.name || webhook.webhook_id : t('pr.webhooks.add');
  const data = [...kinds.map((kind) => ({ value: kind as string, label: t(`pr.kind.${kind}`) })), ...value.kinds.filter((k) => !kinds.some((x) => x === k)).map((k) => ({ value: k, label: k }))];
  return (
    <Sheet
      title={name} about={webhook?.webhook_id} size={680} editing={editing} close={() => place.show('')}
      more={webhook && (
        <Rotate title={t('pr.webhook.rotate.title')} text={t('pr.webhook.rotate.text')} make={() => rotateSigning(webhook.webhook_id)} made={(told) => tell(webhook.webhook_id, told)} />
      )}
      remove={webhook && { title: t('pr.webhook.delete', { name }), text: t('pr.webhook.delete.text'), run: () => removeWebhook(webhook.webhook_id), said: t('pr.deleted', { name }) }}
    >
      {signing && <Once title={t('pr.webhook.signing')} value={signing} />}
      {value.disabled && <Alert color="yellow" variant="light">{t('pr.webhook.off')}</Alert>}
      <TextInput label={t('pr.name')} withAsterisk data-autofocus={!signing || undefined} placeholder="CRM" value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!webhook && (
        <TextInput
          label={words.t('sheet.id')} description={t('pr.id.hint')} placeholder={idOf(value.name, 'webhook', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      <TextInput label={t('pr.webhook.url')} withAsterisk inputMode="url" value={value.url} error={wrong.url} onChange={(e) => set({ url: e.currentTarget.value })} />
      {webhook && <Switch label={t('pr.on')} checked={!value.disabled} onChange={(e) => set({ disabled: !e.currentTarget.checked })} />}
      <MultiSelect
        label={t('pr.webhook.kinds')} description={t('pr.webhook.kinds.hint')} placeholder={value.kinds.length === 0 ? t('pr.choose') : undefined} searchable clearable hidePickedOptions
        data={data} value={value.kinds} error={wrong.kinds} clearButtonProps={{ 'aria-label': `${t('pr.webhook.kinds')}: ${t('pr.none')}` }} onChange={(chosen) => set({ kinds: chosen })}
      />
      <Rights value={value} wrong={wrong} change={set} />
      {webhook && <Test id={webhook.webhook_id} dirty={editing.dirty} />}
      {webhook && <Fate id={webhook.webhook_id} />}
    </Sheet>
  );
}

/** Posts a test to what is kept, and says what came of it. */
function Test({ id, dirty }: { id: string; dirty: boolean }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<Pick<Post, 'status' | 'duration_ms' | 'error'>>();
  const run = () => {
    setBusy(true);
    tell(undefined);
    testWebhook(id)
      .then(tell, (e: unknown) => tell({ status: 0, duration_ms: 0, error: problemOf(e).detail || String(e) }))
      .finally(() => setBusy(false));
  };
  return (
    <div>
      <Button variant="default" loading={busy} disabled={dirty} title={dirty ? t('pr.webhook.test.unsaved') : undefined} onClick={run}>{t('pr.webhook.test')}</Button>
      {told && (
        <Alert mt="sm" role="status" variant="light" color={told.error ? 'red' : 'green'}>
          {told.error ? t('pr.webhook.test.failed', { why: told.error }) : t('pr.webhook.test.ok', { status: told.status, ms: told.duration_ms })}
        </Alert>
      )}
    </div>
  );
}
