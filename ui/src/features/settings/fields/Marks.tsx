import { Select, TextInput } from '@mantine/core';
import { replaced, without } from '../../../kit/lists';
import type { MarkRow } from '../entered';
import { useWords } from '../text';
import { Rows, Take, type RowsProps } from './Rows';
import classes from '../settings.module.css';

/** Where the timer changes its colour. */
export function Marks({ rows, change, error, ...about }: RowsProps<MarkRow>) {
  const { t } = useWords();
  const tones = ['warning', 'danger'].map((tone) => ({ value: tone, label: t(`settings.tone.${tone as 'danger'}`) }));
  return (
    <Rows {...about} error={error} add={t('settings.mark.add')} onAdd={() => change([...rows, { seconds: '', tone: 'warning' }])}>
      {rows.map((row, at) => (
        <div key={at} className={classes.line}>
          <TextInput
            aria-label={t('settings.mark.seconds', { n: at + 1 })} w={120} inputMode="numeric" value={row.seconds} error={!!error} rightSection={<span className={classes.dim} aria-hidden>{t('settings.unit.seconds')}</span>}
            onChange={(e) => change(replaced(rows, at, { ...row, seconds: e.currentTarget.value }))}
          />
          <Select aria-label={t('settings.mark.tone', { n: at + 1 })} w={160} data={tones} value={row.tone} allowDeselect={false} onChange={(tone) => change(replaced(rows, at, { ...row, tone: tone ?? 'warning' }))} />
          <Take label={t('settings.mark.take', { n: at + 1 })} onClick={() => change(without(rows, at))} />
        </div>
      ))}
    </Rows>
  );
}
