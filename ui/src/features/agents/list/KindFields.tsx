/** What is asked about an agent of each kind. */
import { PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type ReactNode } from 'react';
import type { Away } from '../../../sync/agents';
import { Note } from '../Note';
import { useWords } from '../text';
import type { Editing } from '../../../kit/sheet/useEditing';
import { ArticlePicker } from './ArticlePicker';
import type { Values } from './entered';
import sheet from '../../../kit/sheet/sheet.module.css';

interface Props {
  editing: Editing<Values>;
  /** The agent is there already, with what it keeps secret. */
  kept: boolean;
  secret: boolean;
}

export function KindFields(props: Props): ReactNode {
  const { kind } = props.editing.value;
  const Fields = { greeting: GreetingFields, hours: HoursFields, bot: BotFields, external: ExternalFields, model: ModelFields }[kind];
  return <Fields {...props} />;
}

function GreetingFields({ editing: { value, wrong, set } }: Props) {
  const { t } = useWords();
  return <ArticlePicker label={t('agents.greeting.article')} description={t('agents.greeting.hint')} required value={value.article} error={wrong.article} onChange={(article) => set({ article })} />;
}

const ways = ['onward', 'queue', 'close'] as const;

function HoursFields({ editing: { value, wrong, set } }: Props) {
  const { t } = useWords();
  return (
    <>
      <ArticlePicker label={t('agents.hours.article')} description={t('agents.hours.hint')} value={value.article} error={wrong.article} onChange={(article) => set({ article })} />
      <Select
        label={t('agents.then')} data={ways.map((way) => ({ value: way, label: t(`agents.then.${way}`) }))} value={value.away} allowDeselect={false}
        onChange={(way) => way && set({ away: way as Away })}
      />
    </>
  );
}

function BotFields({ editing: { value, wrong, set } }: Props) {
  const { t } = useWords();
  return (
    <>
      <div className={sheet.two}>
        <TextInput
          label={t('agents.precision')} description={t('agents.precision.hint')} placeholder="95" inputMode="decimal" value={value.precision} error={wrong.precision}
          onChange={(e) => set({ precision: e.currentTarget.value })}
        />
        <TextInput
          label={t('agents.misses')} description={t('agents.misses.hint')} placeholder="1" inputMode="numeric" value={value.misses} error={wrong.misses}
          onChange={(e) => set({ misses: e.currentTarget.value })}
        />
      </div>
      <Switch label={t('agents.suggest')} description={t('agents.suggest.hint')} checked={value.suggest} onChange={(e) => set({ suggest: e.currentTarget.checked })} />
      <ArticlePicker label={t('agents.unsure')} description={t('agents.unsure.hint')} value={value.unsure} error={wrong.unsure} onChange={(unsure) => set({ unsure })} />
    </>
  );
}

function Address({ editing: { value, wrong, set }, hint, placeholder }: { editing: Editing<Values>; hint: string; placeholder: string }) {
  const { t } = useWords();
  return (
    <TextInput
      label={t('agents.url')} description={hint} placeholder={placeholder} inputMode="url" withAsterisk value={value.url} error={wrong.url}
      onChange={(e) => set({ url: e.currentTarget.value })}
    />
  );
}

function Deadline({ editing: { value, wrong, set } }: { editing: Editing<Values> }) {
  const { t } = useWords();
  return (
    <TextInput
      label={t('agents.deadline')} description={t('agents.deadline.hint')} placeholder="10" inputMode="decimal" value={value.deadline} error={wrong.deadline}
      onChange={(e) => set({ deadline: e.currentTarget.value })}
    />
  );
}

function ExternalFields({ editing, kept }: Props) {
  const { t } = useWords();
  const { value, wrong, set } = editing;
  return (
    <>
      <Address editing={editing} hint={t('agents.url.external')} placeholder="https://agent.example/turn" />
      <div className={sheet.two}>
        <Deadline editing={editing} />
        <TextInput
          label={t('agents.patience')} description={t('agents.patience.hint')} placeholder="5" inputMode="decimal" value={value.patience} error={wrong.patience}
          onChange={(e) => set({ patience: e.currentTarget.value })}
        />
      </div>
      {kept ? (
        <Switch label={t('agents.rotate')} description={t('agents.rotate.hint')} checked={value.rotate} onChange={(e) => set({ rotate: e.currentTarget.checked })} />
      ) : (
        <Note>{t('agents.signing.new')}</Note>
      )}
    </>
  );
}

function ModelFields({ editing, secret }: Props) {
  const { t } = useWords();
  const { value, wrong, set } = editing;
  return (
    <>
      <Address editing={editing} hint={t('agents.url.model')} placeholder="https://models.example/v1" />
      <div className={sheet.two}>
        <TextInput
          label={t('agents.model')} description={t('agents.model.hint')} withAsterisk value={value.model} error={wrong.model}
          onChange={(e) => set({ model: e.currentTarget.value })}
        />
        <Deadline editing={editing} />
      </div>
      <PasswordInput
        label={t('agents.bearer')} description={t('agents.bearer.hint')} autoComplete="off" placeholder={secret ? t('agents.bearer.kept') : undefined} disabled={value.forget}
        value={value.bearer} error={wrong.bearer} onChange={(e) => set({ bearer: e.currentTarget.value })}
      />
      {secret && <Switch label={t('agents.bearer.forget')} checked={value.forget} onChange={(e) => set({ forget: e.currentTarget.checked, bearer: '' })} />}
      <Textarea
        label={t('agents.instruction')} description={t('agents.instruction.hint')} autosize minRows={3} maxRows={12} value={value.instruction} error={wrong.instruction}
        onChange={(e) => set({ instruction: e.currentTarget.value })}
      />
    </>
  );
}
