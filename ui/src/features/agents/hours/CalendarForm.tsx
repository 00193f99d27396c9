/** One calendar: the week with its hours, and the days that are otherwise. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { putCalendar, removeEntry, type Agency, type Calendar } from '../../../sync/agents';
import { freshId, isId } from '../../../kit/sheet/ids';
import { Sheet } from '../../../kit/sheet/Sheet';
import { Zone } from '../../../kit/sheet/Zone';
import { useWords } from '../text';
import { useEditing } from '../../../kit/sheet/useEditing';
import { Ahead } from './Ahead';
import { calendarOf, check, valuesOf, type Values } from './clock';
import { Now } from './Now';
import { SpecialDays } from './SpecialDays';
import { Week } from './Week';
import sheet from '../../../kit/sheet/sheet.module.css';

interface Props {
  agency: Agency;
  /** None for a new one. */
  calendar?: Calendar;
  close: () => void;
}

export function CalendarForm({ agency, calendar: now, close }: Props) {
  // What somebody else keeps meanwhile is not written over: the server refuses then.
  const [calendar] = useState(now);
  const { t } = useWords();
  const taken = agency.calendars.map((c) => c.calendar_id);
  const editing = useEditing({
    begin: () => valuesOf(calendar, freshId('hours', taken)),
    check: (v) => ({ ...check(v, t), id: isId(v.id) ? undefined : t('agents.wrong.id'), name: v.name.trim() ? undefined : t('agents.wrong.name') }),
    put: (v) => putCalendar(v.id, calendarOf(v), calendar?.revision),
    fieldOf, said: t('agents.hours.saved'), done: close,
  });
  const { value, wrong, set } = editing;
  const name = calendar ? calendar.name || calendar.calendar_id : t('agents.hours.new');
  return (
    <Sheet
      title={name} size={680} editing={editing} close={close}
      remove={calendar && { title: t('agents.hours.delete', { name }), text: t('agents.hours.delete.text'), run: () => removeEntry('calendars', calendar.calendar_id), said: t('agents.deleted', { name }) }}
    >
      {calendar && <Now attendance={agency.attendance.find((a) => a.of === 'calendar' && a.id === calendar.calendar_id)} />}
      <div className={sheet.two}>
        <TextInput label={t('agents.name')} withAsterisk data-autofocus value={value.name} error={wrong.name} placeholder={t('agents.hours.example')} onChange={(e) => set({ name: e.currentTarget.value })} />
        <Zone none={t('agents.zone.center')} value={value.zone} error={wrong.zone} change={(zone) => set({ zone })} />
      </div>
      <Week value={value.week} wrong={wrong} change={(week) => set({ week })} />
      <SpecialDays value={value.days} wrong={wrong} change={(days) => set({ days })} />
      <Ahead agency={agency} value={value} />
    </Sheet>
  );
}

const fieldOf = (named: string): keyof Values | undefined => (({ name: 'name', time_zone: 'zone', week: 'week', days: 'days', calendar_id: 'id' }) as Record<string, keyof Values>)[named];
