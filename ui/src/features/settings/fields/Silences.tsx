import { Textarea, TextInput } from '@mantine/core';
import { replaced, without } from '../../../kit/lists';
import type { SilenceRow } from '../entered';
import { useWords } from '../text';
import { Rows, Take, type RowsProps } from './Rows';
import classes from '../settings.module.css';

/** What a silent customer is told, and when. */
export function Silences({ rows, change, error, ...about }: RowsProps<SilenceRow>) {
  const { t } = useWords();
  return (
    <Rows {...about} error={error} add={t('settings.said.add')} onAdd={() => change([...rows, { after: '', text: '' }])}>
      {rows.map((row, at) => (
        <div key={at} className={classes.line}>
          <TextInput
            aria-label={t('settings.said.after', { n: at + 1 })} w={110} inputMode="decimal" value={row.after} error={!!error} rightSection={<span className={classes.dim} aria-hidden>{t('settings.unit.minutes')}</span>}
            rightSectionWidth={42} onChange={(e) => change(replaced(rows, at, { ...row, after: e.currentTarget.value }))}
          />
          <Textarea
            aria-label={t('settings.said.text', { n: at + 1 })} className={classes.grow} autosize minRows={1} maxRows={6} value={row.text} error={!!error}
            onChange={(e) => change(replaced(rows, at, { ...row, text: e.currentTarget.value }))}
          />
          <Take label={t('settings.said.take', { n: at + 1 })} onClick={() => change(without(rows, at))} />
        </div>
      ))}
    </Rows>
  );
}
