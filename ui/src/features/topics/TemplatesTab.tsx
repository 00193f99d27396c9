import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { TemplateIcon } from '../../kit/icons';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { newId } from '../../sync';
import { putEntry, removeEntry, type Template } from '../../sync/organisation';
import { ForWhom, Preview, whomOf } from './For';
import type { PartProps } from './TopicsPage';
import { useWords } from './text';

export function TemplatesTab({ all, place }: PartProps) {
  const { t } = useWords();
  const template = all.templates.find((x) => x.template_id === place.open);
  return (
    <>
      <Records
        lead={t('tp.templates.lead')} add={{ text: t('tp.templates.add'), href: place.hrefOf(fresh) }}
        records={all.templates.toSorted((a, b) => a.title.localeCompare(b.title, 'ru'))} idOf={(x) => x.template_id} nameOf={(x) => x.title} name={t('tp.template.title')} hrefOf={place.hrefOf}
        columns={[
          { title: t('tp.template.text'), show: (x) => (x.text.length > 140 ? `${x.text.slice(0, 140)}…` : x.text), width: '50%' },
          { title: t('tp.for'), show: (x) => whomOf(all, x) || t('tp.for.all') },
        ]}
        wordsOf={(x) => [x.title, x.text, whomOf(all, x)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('tp.templates.none'), text: t('tp.templates.none.text'), icon: <TemplateIcon size={32} aria-hidden /> }}
      />
      {(template || place.open === fresh) && <TemplateForm key={place.open} all={all} template={template} place={place} />}
    </>
  );
}

function TemplateForm({ all, template: now, place }: PartProps & { template?: Template }) {
  const { t } = useWords();
  const words = useSheetWords();
  const [template] = useState(now);
  const need = (text: string) => (text.trim() ? undefined : words.t('sheet.need'));
  const editing = useEditing({
    begin: () => ({ title: template?.title ?? '', text: template?.text ?? '', center_id: template?.center_id ?? '', line_id: template?.line_id ?? '', language: template?.language ?? '' }),
    check: (v) => ({ title: need(v.title), text: need(v.text) }),
    put: (v) => putEntry<Template>('templates', template?.template_id ?? newId(), { ...v, title: v.title.trim(), text: v.text.trim() }, template?.revision),
    fieldOf: (named) => ({ title: 'title', text: 'text', center_id: 'center_id', line_id: 'line_id', language: 'language' } as const)[named],
    said: t('tp.template.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = template?.title ?? t('tp.templates.add');
  return (
    <Sheet
      title={name} editing={editing} close={() => place.show('')}
      remove={template && { title: t('tp.template.delete', { name }), text: t('tp.delete.text'), run: () => removeEntry('templates', template.template_id), said: t('tp.deleted', { name }) }}
    >
      <TextInput label={t('tp.template.title')} withAsterisk data-autofocus value={value.title} error={wrong.title} onChange={(e) => set({ title: e.currentTarget.value })} />
      <Textarea label={t('tp.template.text')} withAsterisk autosize minRows={5} maxRows={14} value={value.text} error={wrong.text} onChange={(e) => set({ text: e.currentTarget.value })} />
      <ForWhom all={all} value={value} change={set} />
      <Preview text={value.text} />
    </Sheet>
  );
}
