/** The field of one setting, by its kind, with what is wrong below it. */
import { MultiSelect, Select, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Setting } from '../../../sync/settings';
import { unitOf, type Entered, type FieldRow, type MarkRow, type SilenceRow } from '../entered';
import { unitName } from '../names';
import { useWords, type T } from '../text';
import { FormFields } from './FormFields';
import { Marks } from './Marks';
import { Silences } from './Silences';
import classes from '../settings.module.css';

interface Props {
  setting: Setting;
  value: Entered;
  wrong?: string;
  name: string;
  hint: string;
  /** What holds by default, in words; empty for nothing to say. */
  usual: string;
  change: (entered: Entered) => void;
  /** What stands beside it. */
  children: ReactNode;
}

const rows = new Set(['marks', 'silence', 'fields']);
/** What is short is entered in a short field; its explanation is as wide as any. */
const short = { wrapper: classes.short };

export function Field({ children, ...field }: Props) {
  return (
    <div className={classes.row} data-rows={rows.has(field.setting.kind) || undefined}>
      <div className={classes.field}><Control {...field} /></div>
      <div className={classes.beside}>{children}</div>
    </div>
  );
}

function Control({ setting: s, value, wrong, name, hint, usual, change }: Omit<Props, 'children'>) {
  const { t, locale } = useWords();
  const limits = [limitsOf(s, t, locale), usual].filter(Boolean).join(' · ');
  const common = { label: name, error: wrong, description: <Explained hint={hint} limits={limits} /> };
  const text = { ...common, value: String(value), onChange: (e: { currentTarget: { value: string } }) => change(e.currentTarget.value) };
  switch (s.kind) {
    case 'switch':
      return <Switch label={name} description={common.description} aria-label={name} checked={value === true} error={wrong} onChange={(e) => change(e.currentTarget.checked)} />;
    case 'duration':
    case 'number':
      return <TextInput {...text} inputMode="decimal" classNames={short} placeholder={noneOf(s, t)} rightSection={<Text size="xs" c="dimmed" aria-hidden>{unitName(s, t)}</Text>} rightSectionWidth={58} />;
    case 'clock':
      return <TextInput {...text} classNames={short} placeholder="03:00" inputMode="numeric" />;
    case 'text':
      return <Textarea {...text} autosize minRows={2} maxRows={8} />;
    case 'lines':
      return <Textarea {...text} autosize minRows={3} maxRows={12} />;
    case 'address':
      return <TextInput {...text} placeholder="https://" inputMode="url" />;
    case 'choice':
      return <Select {...common} classNames={short} allowDeselect={false} data={(s.choices ?? []).map((c) => ({ value: c, label: t(`settings.choice.${c as 'up'}`) }))} value={String(value)} onChange={(c) => change(c ?? '')} />;
    case 'several':
      return <MultiSelect {...common} data={s.choices ?? []} value={value as string[]} searchable clearable onChange={change} />;
    case 'marks':
      return <Marks {...common} rows={value as MarkRow[]} change={change} />;
    case 'silence':
      return <Silences {...common} rows={value as SilenceRow[]} change={change} />;
    case 'fields':
      return <FormFields {...common} rows={value as FieldRow[]} change={change} />;
    default:
      return null;
  }
}

function Explained({ hint, limits }: { hint: string; limits: string }) {
  return (
    <>
      {hint}
      {limits && <span className={classes.limits}>{limits}</span>}
    </>
  );
}

/** What no value means. */
function noneOf(s: Setting, t: T): string | undefined {
  if (!s.never) return undefined;
  if (s.group === 'alerts') return t('settings.off');
  return t(s.id === 'retention_days' ? 'settings.ever' : 'settings.never');
}

/** The greatest duration in the greatest unit that it is whole in. */
function roundest(s: Setting): [number, string] {
  if (s.max % 86_400 === 0 && s.max > 86_400) return [s.max / 86_400, 'days'];
  if (s.max % 3600 === 0) return [s.max / 3600, 'hours'];
  return [s.max / unitOf(s), s.unit ?? 'seconds'];
}

function limitsOf(s: Setting, t: T, locale: string): string {
  if (s.kind === 'duration' || s.kind === 'number') {
    const [max, unit] = s.kind === 'duration' ? roundest(s) : [s.max, s.unit ?? ''];
    return t('settings.bounds', { max: new Intl.NumberFormat(locale).format(max), unit: t(`settings.unit.${unit as 'days'}`) });
  }
  if (s.kind === 'text') return [t('settings.wrong.long', { max: s.max }), s.holds && `${t('settings.placeholders')} ${s.holds.map((h) => `{${h}} — ${t(`settings.holds.${h as 'fname'}`)}`).join(', ')}`].filter(Boolean).join(' · ');
  return s.most ? t('settings.most', { count: s.most }) : '';
}
