/** How a widget looks, as people enter it: settings of its account, of which nothing that is not entered here is lost. */
import type { Entered } from '../../sync';

export const said = ['title', 'subtitle', 'greeting', 'launcher'] as const;
export const asked = ['lname', 'fname', 'phone', 'email', 'contract'] as const;
export type Asked = '' | 'asked' | 'required';

/** The largest logo, in characters of its address, as the server has it. */
export const largestLogo = 64 * 1024;

interface PreChat {
  name: string;
  required?: boolean;
}

/** The settings with a value, or without it if it is empty. */
export function laid(settings: Entered, name: string, value: unknown): Entered {
  const { [name]: _, ...others } = settings;
  return value === '' || value === undefined ? others : { ...others, [name]: value };
}

export const textOf = (settings: Entered, name: string): string => String((settings.texts as Record<string, Record<string, string>> | undefined)?.ru?.[name] ?? '');

export function withText(settings: Entered, name: string, text: string): Entered {
  const texts = { ...(settings.texts as Record<string, Record<string, string>> | undefined) };
  const ru = laid({ ...texts.ru }, name, text) as Record<string, string>;
  const { ru: _, ...others } = texts;
  const all = Object.keys(ru).length > 0 ? { ...others, ru } : others;
  return laid(settings, 'texts', Object.keys(all).length > 0 ? all : undefined);
}

const prechat = (settings: Entered): PreChat[] => (settings.prechat as PreChat[] | undefined) ?? [];

export function askedOf(settings: Entered, name: string): Asked {
  const field = prechat(settings).find((f) => f.name === name);
  return field ? (field.required ? 'required' : 'asked') : '';
}

/** What is asked before the chat keeps its order; something new comes last. */
export function withAsked(settings: Entered, name: string, how: Asked): Entered {
  const before = prechat(settings);
  const field = { ...before.find((f) => f.name === name), name, required: how === 'required' || undefined };
  const there = before.some((f) => f.name === name);
  const after = how === '' ? before.filter((f) => f.name !== name) : there ? before.map((f) => (f.name === name ? field : f)) : [...before, field];
  return laid(settings, 'prechat', after.length > 0 ? after : undefined);
}
