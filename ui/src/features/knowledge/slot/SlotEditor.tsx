/** The form of one slot. */
import { Select, Textarea, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { emptySlot, slots, slotTypes, type Slot, type SlotKind, type SlotType } from '../../../sync/knowledge';
import { checkSlot, type Wrong } from '../checks';
import { slotFacts } from '../facts';
import type { EditorProps } from '../record/Opened';
import { RecordFrame } from '../record/RecordFrame';
import { Section } from '../record/Section';
import { useRecord, type Kind } from '../record/useRecord';
import { useWords } from '../text';
import { Entries } from './Entries';
import { PromptFields } from './PromptFields';
import { TryOut } from './TryOut';
import classes from '../knowledge.module.css';

const kind: Kind<Slot> = {
  entries: slots,
  empty: (slotId) => ({ ...emptySlot, slotId }),
  nameOf: (slot) => slot.name || slot.identifier,
  check: checkSlot,
};

interface Fields {
  slot: Slot;
  wrong: Wrong;
  set: (part: Partial<Slot>) => void;
}

export function SlotEditor(props: EditorProps<Slot>) {
  const { t } = useWords();
  const editing = useRecord(props, kind);
  const { value: slot, wrong, edit } = editing;
  const [coming, setComing] = useState(0);
  const counts = useCallback((by: number) => setComing((n) => n + by), []);
  const set = useCallback((part: Partial<Slot>) => edit((s) => ({ ...s, ...part })), [edit]);
  const fields = { slot, wrong, set };
  const facts = useCallback((value: Slot) => slotFacts(value, t), [t]);
  return (
    <RecordFrame place={props.place} editing={editing} facts={facts} waits={coming > 0 ? t('kb.files.coming') : undefined}>
      <Main {...fields} />
      <Values {...fields} />
      <PromptFields
        title={t('kb.slot.question')} value={slot.question} error={wrong['question.text']} required={slot.kind === 'ASKED'} counts={counts}
        onChange={(to) => edit((s) => ({ ...s, question: to(s.question) }))}
      />
      <PromptFields
        title={t('kb.slot.confirmation')} hint={t('kb.slot.confirmation.hint')} value={slot.confirmation} error={wrong['confirmation.text']} counts={counts}
        onChange={(to) => edit((s) => ({ ...s, confirmation: to(s.confirmation) }))}
      />
      <Mistakes {...fields} />
    </RecordFrame>
  );
}

function Main({ slot, wrong, set }: Fields) {
  const { t } = useWords();
  const below = ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[];
  return (
    <Section title={t('kb.main')}>
      <div className={classes.two}>
        <TextInput label={t('kb.slot.name')} value={slot.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
        <TextInput
          label={t('kb.identifier')} withAsterisk autoComplete="off" value={slot.identifier} error={wrong.identifier}
          onChange={(e) => set({ identifier: e.currentTarget.value })}
        />
        <TextInput
          label={t('kb.slot.class')} description={t('kb.slot.class.hint')} inputWrapperOrder={below} placeholder={slot.identifier} value={slot.class} error={wrong.class}
          onChange={(e) => set({ class: e.currentTarget.value })}
        />
        <Select
          label={t('kb.slot.kind')} description={t(`kb.slot.kind.${slot.kind}.hint`)} inputWrapperOrder={below} allowDeselect={false} value={slot.kind}
          data={(['ASKED', 'INFERRED'] as const).map((k) => ({ value: k, label: t(`kb.slot.kind.${k}`) }))} onChange={(k) => k && set({ kind: k as SlotKind })}
        />
      </div>
    </Section>
  );
}

/** What a value may be: a part for each type. */
function Values({ slot, wrong, set }: Fields) {
  const { t } = useWords();
  const { type } = slot;
  const mask = type === 'PHONE';
  return (
    <Section title={t('kb.slot.type')}>
      <Select
        aria-label={t('kb.slot.type')} maw={460} allowDeselect={false} value={type} data={slotTypes.map((one) => ({ value: one, label: t(`kb.slot.type.${one}`) }))}
        onChange={(one) => one && set({ type: one as SlotType, ...(one === 'DICTIONARY' ? {} : { entries: [] }), ...(one === 'INTEGER' ? {} : { least: '', most: '' }), pattern: '' })}
      />
      {type === 'DICTIONARY' && <Entries value={slot.entries} wrong={wrong} onChange={(entries) => set({ entries })} />}
      {type === 'INTEGER' && (
        <div className={classes.two}>
          <TextInput label={t('kb.slot.least')} inputMode="numeric" value={slot.least} error={wrong.least} onChange={(e) => set({ least: e.currentTarget.value })} />
          <TextInput label={t('kb.slot.most')} inputMode="numeric" value={slot.most} error={wrong.most} onChange={(e) => set({ most: e.currentTarget.value })} />
        </div>
      )}
      {(mask || type === 'CAPTURE' || type === 'MATCH') && (
        <TextInput
          label={t(mask ? 'kb.slot.mask' : 'kb.slot.pattern')} withAsterisk={!mask} classNames={{ input: classes.code }} autoComplete="off" spellCheck={false}
          description={t(mask ? 'kb.slot.mask.hint' : type === 'MATCH' ? 'kb.slot.pattern.match' : 'kb.slot.pattern.hint')} value={slot.pattern} error={wrong.pattern}
          onChange={(e) => set({ pattern: e.currentTarget.value })}
        />
      )}
      {type !== 'DICTIONARY' && type !== 'TEXT' && <TryOut slot={slot} />}
    </Section>
  );
}

/** What is said when the customer's answer does not fit. */
function Mistakes({ slot, wrong, set }: Fields) {
  const { t } = useWords();
  return (
    <Section title={t('kb.slot.explanation')}>
      <Textarea
        aria-label={t('kb.slot.explanation')} description={t('kb.slot.explanation.hint')} autosize minRows={2} value={slot.explanation} error={wrong.explanation}
        onChange={(e) => set({ explanation: e.currentTarget.value })}
      />
      <TextInput
        label={t('kb.slot.attempts')} description={t('kb.slot.attempts.hint')} maw={220} inputMode="numeric" placeholder="3" value={slot.attempts || ''} error={wrong.attempts}
        onChange={(e) => set({ attempts: Math.min(99, Number(e.currentTarget.value.replace(/\D/g, ''))) })}
      />
    </Section>
  );
}
