import { Alert, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { MessagesIcon } from '../../kit/icons';
import { idOf, isSpokenId } from '../../kit/sheet/ids';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { UsedPart } from '../../kit/sheet/UsedBy';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { putEntry, type Line } from '../../sync/organisation';
import { Hours } from './Hours';
import type { PartProps } from './OrganisationPage';
import { usedOf, useRemoval } from './removal';
import { useWords } from './text';
import { Count } from './Uses';

export function LinesTab({ all, place }: PartProps) {
  const { t } = useWords();
  const line = all.lines.find((l) => l.line_id === place.open);
  const center = (id: string) => all.centers.find((c) => c.center_id === id)?.name || id;
  const calendar = (id: string) => all.calendars.find((c) => c.calendar_id === id)?.name || id;
  return (
    <>
      <Records
        lead={t('org.lines.lead')} add={{ text: t('org.lines.add'), href: place.hrefOf(fresh) }}
        records={all.lines} idOf={(l) => l.line_id} nameOf={(l) => l.name || l.line_id} name={t('org.name')} hrefOf={place.hrefOf}
        columns={[
          { title: t('org.line.center'), show: (l) => center(l.center_id) },
          { title: t('org.hours'), show: (l) => (l.calendar_id ? calendar(l.calendar_id) : t('org.hours.center')) },
          { title: t('org.used'), show: (l) => <Count used={usedOf(all, 'line', l.line_id)} /> },
        ]}
        wordsOf={(l) => [l.name, l.line_id, center(l.center_id)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('org.lines.none'), text: t('org.lines.none.text'), icon: <MessagesIcon size={32} aria-hidden /> }}
      />
      {(line || place.open === fresh) && <LineForm key={place.open} all={all} line={line} place={place} />}
    </>
  );
}

function LineForm({ all, line: now, place }: PartProps & { line?: Line }) {
  const { t } = useWords();
  const words = useSheetWords();
  const removal = useRemoval();
  const [line] = useState(now);
  const wished = new URLSearchParams(location.search).get('center');
  const taken = all.lines.map((l) => l.line_id);
  const editing = useEditing({
    begin: () => ({ id: '', name: line?.name ?? '', center: line?.center_id ?? wished ?? all.centers[0]?.center_id ?? '', calendar: line?.calendar_id ?? '' }),
    check: (v) => ({
      name: v.name.trim() ? undefined : words.t('sheet.need'), center: v.center ? undefined : words.t('sheet.need'),
      id: v.id === '' || isSpokenId(v.id) ? undefined : words.t('sheet.wrong.id'),
    }),
    put: (v) => putEntry<Line>('lines', line?.line_id ?? (v.id || idOf(v.name, 'line', taken)), { name: v.name.trim(), center_id: v.center, calendar_id: v.calendar }, line?.revision),
    fieldOf: (named) => ({ line_id: 'id', name: 'name', center_id: 'center', calendar_id: 'calendar' } as const)[named],
    said: t('org.line.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = line ? line.name || line.line_id : t('org.lines.add');
  return (
    <Sheet title={name} about={line?.line_id} editing={editing} close={() => place.show('')} remove={line && removal(all, 'line', line.line_id, name)}>
      {all.centers.length === 0 && <Alert color="yellow" variant="light">{t('org.lines.nowhere')}</Alert>}
      <TextInput label={t('org.name')} withAsterisk data-autofocus placeholder={t('org.line.example')} value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!line && (
        <TextInput
          label={words.t('sheet.id')} description={words.t('sheet.id.hint')} placeholder={idOf(value.name, 'line', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      <Select
        label={t('org.line.center')} withAsterisk data={all.centers.map((c) => ({ value: c.center_id, label: c.name || c.center_id }))} value={value.center} error={wrong.center}
        allowDeselect={false} onChange={(center) => set({ center: center ?? '' })}
      />
      <Hours all={all} otherwise={t('org.hours.center')} value={value.calendar} error={wrong.calendar} change={(calendar) => set({ calendar })} />
      {line && <UsedPart users={usedOf(all, 'line', line.line_id)?.by ?? []} />}
    </Sheet>
  );
}
