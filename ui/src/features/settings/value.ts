/** A value as people read it in the history of changes. */
import type { Setting } from '../../sync/settings';
import { enteredOf, type FieldRow, type MarkRow, type SilenceRow } from './entered';
import { unitName } from './names';
import type { T } from './text';

export function sayValue(s: Setting, value: unknown, t: T, locale: string): string {
  const entered = enteredOf(s, value, locale);
  switch (s.kind) {
    case 'switch':
      return t(entered ? 'settings.yes' : 'settings.no');
    case 'duration':
    case 'number':
      return entered === '' ? t(s.id === 'retention_days' ? 'settings.ever' : 'settings.never') : `${String(entered)} ${unitName(s, t)}`;
    case 'choice':
      return entered ? t(`settings.choice.${entered as 'up'}`) : t('settings.nothing');
    case 'several':
      return (entered as string[]).join(', ') || t('settings.nothing');
    case 'marks':
      return (entered as MarkRow[]).map((m) => `${m.seconds} ${t('settings.unit.seconds')}: ${t(`settings.tone.${m.tone as 'danger'}`)}`).join('\n') || t('settings.nothing');
    case 'silence':
      return (entered as SilenceRow[]).map((m) => `${m.after} ${t('settings.unit.minutes')}: ${m.text}`).join('\n') || t('settings.nothing');
    case 'fields':
      return (entered as FieldRow[]).map((f) => `${f.label}${f.required ? ' *' : ''}`).join('\n') || t('settings.nothing');
    case 'other':
      return other(value) || t('settings.nothing');
    default:
      return String(entered) || t('settings.nothing');
  }
}

/** What other pages decide: a list of names, or of things with a title. */
function other(value: unknown): string {
  if (Array.isArray(value)) return value.map((one: unknown) => (typeof one === 'object' && one ? String((one as { title?: string }).title ?? '') : String(one))).join('\n');
  return String(value ?? '');
}
