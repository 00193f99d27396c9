import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { LearnIcon } from '../../kit/icons';
import { idOf, isSpokenId } from '../../kit/sheet/ids';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { UsedPart } from '../../kit/sheet/UsedBy';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { putEntry, type Skill } from '../../sync/organisation';
import type { PartProps } from './OrganisationPage';
import { usedOf, useRemoval } from './removal';
import { useWords } from './text';
import { Count } from './Uses';

export function SkillsTab({ all, place }: PartProps) {
  const { t } = useWords();
  const words = useSheetWords();
  const skill = all.skills.find((s) => s.skill === place.open);
  return (
    <>
      <Records
        lead={t('org.skills.lead')} add={{ text: t('org.skills.add'), href: place.hrefOf(fresh) }}
        records={all.skills} idOf={(s) => s.skill} nameOf={(s) => s.name || s.skill} name={t('org.name')} hrefOf={place.hrefOf}
        columns={[
          { title: words.t('sheet.id'), show: (s) => s.skill },
          { title: t('org.used'), show: (s) => <Count used={usedOf(all, 'skill', s.skill)} /> },
        ]}
        wordsOf={(s) => `${s.name} ${s.skill}`} query={place.query} search={place.search}
        none={{ title: t('org.skills.none'), text: t('org.skills.none.text'), icon: <LearnIcon size={32} aria-hidden /> }}
      />
      {(skill || place.open === fresh) && <SkillForm key={place.open} all={all} skill={skill} place={place} />}
    </>
  );
}

function SkillForm({ all, skill: now, place }: PartProps & { skill?: Skill }) {
  const { t } = useWords();
  const words = useSheetWords();
  const removal = useRemoval();
  const [skill] = useState(now);
  const taken = all.skills.map((s) => s.skill);
  const editing = useEditing({
    begin: () => ({ id: '', name: skill?.name ?? '' }),
    check: (v) => ({ name: v.name.trim() ? undefined : words.t('sheet.need'), id: v.id === '' || isSpokenId(v.id) ? undefined : words.t('sheet.wrong.id') }),
    put: (v) => putEntry<Skill>('skills', skill?.skill ?? (v.id || idOf(v.name, 'skill', taken)), { name: v.name.trim() }, skill?.revision),
    fieldOf: (named) => ({ skill: 'id', name: 'name' } as const)[named],
    said: t('org.skill.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = skill ? skill.name || skill.skill : t('org.skills.add');
  return (
    <Sheet title={name} about={skill?.skill} editing={editing} close={() => place.show('')} remove={skill && removal(all, 'skill', skill.skill, name)}>
      <TextInput label={t('org.name')} withAsterisk data-autofocus placeholder={t('org.skill.example')} value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!skill && (
        <TextInput
          label={words.t('sheet.id')} description={words.t('sheet.id.hint')} placeholder={idOf(value.name, 'skill', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      {skill && <UsedPart users={usedOf(all, 'skill', skill.skill)?.by ?? []} />}
    </Sheet>
  );
}
