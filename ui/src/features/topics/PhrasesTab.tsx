import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { HoldIcon } from '../../kit/icons';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { newId } from '../../sync';
import { putEntry, removeEntry, type Phrase } from '../../sync/organisation';
import { ForWhom, Preview, whomOf } from './For';
import type { PartProps } from './TopicsPage';
import { useWords } from './text';

export function PhrasesTab({ all, place }: PartProps) {
  const { t } = useWords();
  const phrase = all.phrases.find((x) => x.phrase_id === place.open);
  return (
    <>
      <Records
        lead={t('tp.phrases.lead')} add={{ text: t('tp.phrases.add'), href: place.hrefOf(fresh) }}
        records={all.phrases.toSorted((a, b) => a.text.localeCompare(b.text, 'ru'))} idOf={(x) => x.phrase_id} nameOf={(x) => x.text} name={t('tp.phrase.text')} hrefOf={place.hrefOf}
        columns={[{ title: t('tp.for'), show: (x) => whomOf(all, x) || t('tp.for.all'), width: '30%' }]}
        wordsOf={(x) => [x.text, whomOf(all, x)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('tp.phrases.none'), text: t('tp.phrases.none.text'), icon: <HoldIcon size={32} aria-hidden /> }}
      />
      {(phrase || place.open === fresh) && <PhraseForm key={place.open} all={all} phrase={phrase} place={place} />}
    </>
  );
}

function PhraseForm({ all, phrase: now, place }: PartProps & { phrase?: Phrase }) {
  const { t } = useWords();
  const words = useSheetWords();
  const [phrase] = useState(now);
  const editing = useEditing({
    begin: () => ({ text: phrase?.text ?? '', center_id: phrase?.center_id ?? '', line_id: phrase?.line_id ?? '', language: phrase?.language ?? '' }),
    check: (v) => ({ text: v.text.trim() ? undefined : words.t('sheet.need') }),
    put: (v) => putEntry<Phrase>('phrases', phrase?.phrase_id ?? newId(), { ...v, text: v.text.trim() }, phrase?.revision),
    fieldOf: (named) => ({ text: 'text', center_id: 'center_id', line_id: 'line_id', language: 'language' } as const)[named],
    said: t('tp.phrase.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  return (
    <Sheet
      title={phrase ? t('tp.phrase.text') : t('tp.phrases.add')} editing={editing} close={() => place.show('')}
      remove={phrase && { title: t('tp.phrase.delete'), text: phrase.text, run: () => removeEntry('phrases', phrase.phrase_id), said: t('tp.deleted', { name: phrase.text }) }}
    >
      <Textarea label={t('tp.phrase.text')} withAsterisk data-autofocus autosize minRows={2} maxRows={8} value={value.text} error={wrong.text} onChange={(e) => set({ text: e.currentTarget.value })} />
      <ForWhom all={all} value={value} change={set} />
      <Preview text={value.text} />
    </Sheet>
  );
}
