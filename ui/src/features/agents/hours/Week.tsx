/** The seven days, each with its hours. */
import { ActionIcon, Button, Group } from '@mantine/core';
import { Hint } from '../../../kit';
import { AddIcon, CopyIcon } from '../../../kit/icons';
import { replaced } from '../../../kit/lists';
import { useWords } from '../text';
import type { Wrong } from '../../../kit/sheet/useEditing';
import { minutesOf, weekdays, type Span } from './clock';
import { Spans } from './Spans';
import classes from '../agents.module.css';

interface Props {
  value: readonly Span[][];
  wrong: Wrong;
  change: (week: Span[][]) => void;
}

/** A day goes on after what it has; one without hours begins with the usual ones. */
export function another(spans: readonly Span[]): Span {
  const last = spans[spans.length - 1];
  const end = last && minutesOf(last.to);
  if (!end || end >= 22 * 60) return spans.length === 0 ? { from: '09:00', to: '18:00' } : { from: '', to: '' };
  return { from: `${String(Math.floor(end / 60) + 1).padStart(2, '0')}:00`, to: '' };
}

export function Week({ value, wrong, change }: Props) {
  const { t } = useWords();
  const [monday = []] = value;
  const copy = () => change(value.map((spans, i) => (i < 5 ? monday.map((s) => ({ ...s })) : spans)));
  return (
    <fieldset className={classes.group}>
      <legend>{t('agents.week')}</legend>
      <div>
        {weekdays.map((weekday, at) => {
          const name = t(`agents.day.${weekday}`);
          const spans = value[at] ?? [];
          return (
            <div key={weekday} className={classes.day}>
              <span>{name}</span>
              <Spans name={name} none={t('agents.week.off')} value={spans} wrong={wrong[`week.${at}`]} change={(to) => change(replaced(value, at, to))} />
              <Hint label={t('agents.span.add', { name })}>
                <ActionIcon variant="subtle" color="gray" size={30} aria-label={t('agents.span.add', { name })} onClick={() => change(replaced(value, at, [...spans, another(spans)]))}>
                  <AddIcon size={16} aria-hidden />
                </ActionIcon>
              </Hint>
            </div>
          );
        })}
      </div>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" leftSection={<CopyIcon size={14} aria-hidden />} onClick={copy}>{t('agents.week.copy')}</Button>
        <Button size="compact-sm" variant="default" onClick={() => change(weekdays.map(() => [{ from: '00:00', to: '00:00' }]))}>{t('agents.week.always')}</Button>
      </Group>
    </fieldset>
  );
}
