/** What is about to be changed: which settings are said otherwise, which are given back, and whom that concerns. */
import type { Setting, SettingsForm } from '../../sync/settings';
import { enteredOf, flawed, read, type Entered, type Flaw } from './entered';

/** Something entered, or the way back. */
export type Change = { entered: Entered } | { back: true };
export type Draft = Readonly<Record<string, Change>>;

const partOf = (s: Setting) => s.whole ?? s.id;
const isBack = (change: Change | undefined): boolean => !!change && 'back' in change;

/** What the form shows of a setting, with what was entered. */
export function shown(s: Setting, draft: Draft, locale: string): Entered {
  const change = draft[s.id];
  if (change && 'entered' in change) return change.entered;
  return enteredOf(s, change ? s.above : s.value, locale);
}

/** Whether the place says the setting itself, or would with the draft. */
export function ownOf(s: Setting, form: SettingsForm, draft: Draft): boolean {
  const part = form.settings.filter((x) => partOf(x) === partOf(s)).map((x) => draft[x.id]);
  return part.some((change) => change && !isBack(change)) || (s.own && !part.some(isBack));
}

/** Something was entered. What is as it was is no change. */
export function enter(s: Setting, draft: Draft, entered: Entered, locale: string): Draft {
  const { [s.id]: before, ...others } = draft;
  const same = JSON.stringify(entered) === JSON.stringify(enteredOf(s, isBack(before) ? s.above : s.value, locale));
  if (same && isBack(before)) return draft;
  return same ? others : { ...others, [s.id]: { entered } };
}

/** The part that the setting is of is given back, whole. */
export function giveBack(s: Setting, form: SettingsForm, draft: Draft): Draft {
  const part = form.settings.filter((x) => partOf(x) === partOf(s));
  const others = Object.fromEntries(Object.entries(draft).filter(([id]) => !part.some((x) => x.id === id)));
  return s.own ? { ...others, ...Object.fromEntries(part.map((x) => [x.id, { back: true } as Change])) } : others;
}

export interface Wish {
  set: Record<string, unknown>;
  unset: string[];
  wrong: Record<string, Flaw>;
}

/** What the server is asked for, and what is wrong. */
export function wishOf(form: SettingsForm, draft: Draft): Wish {
  const wish: Wish = { set: {}, unset: [], wrong: {} };
  for (const s of form.settings) {
    const change = draft[s.id];
    if (!change) continue;
    if ('back' in change) {
      wish.unset.push(s.id);
      continue;
    }
    const got = read(s, change.entered);
    if (flawed(got)) wish.wrong[s.id] = got;
    else wish.set[s.id] = got.value;
  }
  return wish;
}

/** How many open conversations a draft concerns: at once, and not before the next one opens. */
export function concerned(form: SettingsForm, draft: Draft): { now: number; opened: number; night: boolean } {
  const centers = { now: new Set<string>(), opened: new Set<string>(), night: new Set<string>() };
  for (const s of form.settings) {
    if (!draft[s.id]) continue;
    const reached = form.center_id ? [form.center_id] : Object.keys(form.open).filter((id) => !s.except?.includes(id));
    reached.forEach((id) => centers[s.takes].add(id));
    if (s.takes === 'night') centers.night.add('');
  }
  const count = (ids: Set<string>) => [...ids].reduce((sum, id) => sum + (form.open[id] ?? 0), 0);
  return { now: count(centers.now), opened: count(centers.opened), night: centers.night.size > 0 };
}

/** The settings whose name or explanation has all words of a query. */
export function found(settings: readonly Setting[], query: string, words: (s: Setting) => string): Setting[] {
  const fold = (text: string) => text.toLocaleLowerCase().replaceAll('ё', 'е');
  const asked = fold(query).split(/\s+/).filter(Boolean);
  return settings.filter((s) => {
    const said = fold(words(s));
    return asked.every((word) => said.includes(word));
  });
}
