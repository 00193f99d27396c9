/** Holidays and days with hours of their own, each year or once. */
import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { Hint } from '../../../kit';
import { AddIcon, CalendarIcon, ClockIcon, DeleteIcon } from '../../../kit/icons';
import { replaced, without } from '../../../kit/lists';
import { useWords } from '../text';
import type { Wrong } from '../../../kit/sheet/useEditing';
import { dateOf, russian, type DayOff } from './clock';
import { Spans } from './Spans';
import { another } from './Week';
import classes from '../agents.module.css';

interface Props {
  value: readonly DayOff[];
  wrong: Wrong;
  change: (days: DayOff[]) => void;
}

export function SpecialDays({ value, wrong, change }: Props) {
  const { t } = useWords();
  const known = new Set(value.map((d) => dateOf(d.date)));
  const holidays = russian.filter(([date]) => !known.has(dateOf(date)));
  const addAll = () => change([...value, ...holidays.map(([date, name]) => ({ date, name: t(`agents.holiday.${name}` as 'agents.holiday.unity'), spans: [] }))]);
  return (
    <fieldset className={classes.group}>
      <legend>{t('agents.days')}</legend>
      <span className={classes.dim}>{t('agents.days.hint')}</span>
      <div>
        {value.map((day, at) => (
          <OneDay
            key={at} day={day} at={at} date={wrong[`date.${at}`]} hours={wrong[`days.${at}`]} change={(to) => change(replaced(value, at, to))}
            take={() => change(without(value, at))}
          />
        ))}
      </div>
      {wrong.days && <p className={classes.wrong} role="alert">{wrong.days}</p>}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" leftSection={<AddIcon size={14} aria-hidden />} onClick={() => change([...value, { date: '', name: '', spans: [] }])}>{t('agents.days.add')}</Button>
        {holidays.length > 0 && <Button size="compact-sm" variant="default" leftSection={<CalendarIcon size={14} aria-hidden />} onClick={addAll}>{t('agents.days.russia')}</Button>}
      </Group>
    </fieldset>
  );
}

interface OneProps {
  day: DayOff;
  at: number;
  date?: string;
  hours?: string;
  change: (day: DayOff) => void;
  take: () => void;
}

function OneDay({ day, at, date, hours, change, take }: OneProps) {
  const { t } = useWords();
  const name = day.name || day.date || t('agents.days.number', { number: at + 1 });
  const button = (label: string, Icon: typeof ClockIcon, act: () => void) => (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} onClick={act}><Icon size={16} aria-hidden /></ActionIcon>
    </Hint>
  );
  return (
    <div className={classes.special} role="group" aria-label={name}>
      <TextInput size="xs" aria-label={t('agents.days.date')} placeholder={t('agents.days.date.example')} value={day.date} error={date} onChange={(e) => change({ ...day, date: e.currentTarget.value })} />
      <TextInput size="xs" aria-label={t('agents.days.name')} placeholder={t('agents.days.name')} value={day.name} onChange={(e) => change({ ...day, name: e.currentTarget.value })} />
      <Group gap={0} wrap="nowrap">
        {button(t('agents.span.add', { name }), ClockIcon, () => change({ ...day, spans: [...day.spans, another(day.spans)] }))}
        {button(t('agents.days.take', { name }), DeleteIcon, take)}
      </Group>
      <Spans name={name} none={t('agents.days.closed')} value={day.spans} wrong={hours} change={(spans) => change({ ...day, spans })} />
    </div>
  );
}
