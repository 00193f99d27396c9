/** Settings as people enter them: minutes, lines, rows; into what the server keeps, and back. */
import type { Setting } from '../../sync/settings';

export interface MarkRow {
  seconds: string;
  tone: string;
}

export interface SilenceRow {
  after: string;
  text: string;
}

export interface FieldRow {
  name: string;
  label: string;
  kind: string;
  required: boolean;
}

export type Entered = string | boolean | string[] | MarkRow[] | SilenceRow[] | FieldRow[];

/** What is wrong, for a sentence of that name. */
export interface Flaw {
  wrong: 'bounds' | 'whole' | 'empty' | 'long' | 'line' | 'most' | 'address' | 'clock' | 'order' | 'row' | 'name' | 'twice';
  min?: number;
  max?: number;
}

export type Read = { value: unknown } | Flaw;

export const flawed = (read: Read): read is Flaw => 'wrong' in read;

/** How many seconds the unit has. */
export const unitOf = (s: Setting): number => (s.unit === 'minutes' && s.kind === 'duration' ? 60 : 1);

const secondsOf = (duration: unknown): number => Number.parseFloat(String(duration ?? '0')) || 0;
const numeral = (n: number, locale: string) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false }).format(n);
const numberOf = (text: string): number => (/^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : Number.NaN);

/** What the form shows of a value. */
export function enteredOf(s: Setting, value: unknown, locale: string): Entered {
  switch (s.kind) {
    case 'switch':
      return value === true;
    case 'duration': {
      const seconds = secondsOf(value);
      return seconds === 0 && s.never ? '' : numeral(seconds / unitOf(s), locale);
    }
    case 'number':
      return !value && s.never ? '' : numeral(Number(value ?? 0), locale);
    case 'lines':
      return ((value as string[] | null) ?? []).join('\n');
    case 'several':
      return (value as string[] | null) ?? [];
    case 'marks':
      return ((value as { seconds?: number; tone: string }[] | null) ?? []).map((m) => ({ seconds: numeral(m.seconds ?? 0, locale), tone: m.tone }));
    case 'silence':
      return ((value as { after?: string; text?: string }[] | null) ?? []).map((m) => ({ after: numeral(secondsOf(m.after) / 60, locale), text: m.text ?? '' }));
    case 'fields':
      return ((value as Partial<FieldRow>[] | null) ?? []).map((f) => ({ name: f.name ?? '', label: f.label ?? '', kind: f.kind ?? 'text', required: !!f.required }));
    default:
      return String(value ?? '');
  }
}

/** What was entered as the server takes it, or what is wrong with it. */
export function read(s: Setting, entered: Entered): Read {
  switch (s.kind) {
    case 'duration':
    case 'number':
      return numbered(s, String(entered));
    case 'text':
      return length(String(entered).trim()) > s.max ? { wrong: 'long', max: s.max } : { value: String(entered).trim() };
    case 'address':
      return addressed(s, String(entered).trim());
    case 'lines':
      return lined(s, String(entered));
    case 'clock':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(String(entered)) ? { value: entered } : { wrong: 'clock' };
    case 'marks':
      return marked(s, entered as MarkRow[]);
    case 'silence':
      return silenced(s, entered as SilenceRow[]);
    case 'fields':
      return fielded(s, entered as FieldRow[]);
    default:
      return { value: entered };
  }
}

const length = (text: string) => [...text].length;

function numbered(s: Setting, text: string): Read {
  const unit = unitOf(s);
  const bounds = { min: s.min / unit, max: s.max / unit };
  if (text.trim() === '') return s.never ? { value: s.kind === 'duration' ? '0s' : 0 } : { wrong: 'bounds', ...bounds };
  const n = numberOf(text);
  if (!(n >= bounds.min && n <= bounds.max)) return { wrong: 'bounds', ...bounds };
  if (s.kind === 'duration') return { value: `${Math.round(n * unit)}s` };
  return Number.isInteger(n) ? { value: n } : { wrong: 'whole', ...bounds };
}

function addressed(s: Setting, text: string): Read {
  if (text === '' || (/^https?:\/\/[^\s@]+$/.test(text) && text.length <= s.max)) return { value: text };
  return { wrong: 'address' };
}

function lined(s: Setting, text: string): Read {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  if (lines.length > (s.most ?? 0)) return { wrong: 'most', max: s.most };
  return lines.some((line) => length(line) > s.max) ? { wrong: 'line', max: s.max } : { value: lines };
}

function marked(s: Setting, rows: MarkRow[]): Read {
  if (rows.length > (s.most ?? 0)) return { wrong: 'most', max: s.most };
  const marks = rows.map((row) => ({ seconds: numberOf(row.seconds), tone: row.tone }));
  if (marks.some((m) => !Number.isInteger(m.seconds) || m.seconds > s.max)) return { wrong: 'row', min: 0, max: s.max };
  return { value: marks };
}

function silenced(s: Setting, rows: SilenceRow[]): Read {
  if (rows.length > (s.most ?? 0)) return { wrong: 'most', max: s.most };
  const said = rows.map((row) => ({ seconds: Math.round(numberOf(row.after) * 60), text: row.text.trim() }));
  if (said.some((m) => !(m.seconds > 0 && m.seconds <= s.max))) return { wrong: 'bounds', min: 1, max: s.max / 60 };
  if (said.some((m) => m.text === '')) return { wrong: 'empty' };
  if (said.some((m, i) => i > 0 && m.seconds <= said[i - 1]!.seconds)) return { wrong: 'order' };
  return { value: said.map((m) => ({ after: `${m.seconds}s`, text: m.text })) };
}

function fielded(s: Setting, rows: FieldRow[]): Read {
  if (rows.length > (s.most ?? 0)) return { wrong: 'most', max: s.most };
  if (rows.some((row) => !/^[a-z][a-z0-9_]{0,39}$/.test(row.name))) return { wrong: 'name' };
  if (new Set(rows.map((row) => row.name)).size < rows.length) return { wrong: 'twice' };
  if (rows.some((row) => row.label.trim() === '')) return { wrong: 'empty' };
  return { value: rows.map((row) => ({ ...row, label: row.label.trim() })) };
}
