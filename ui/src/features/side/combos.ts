/** A user's own key combinations of templates: which keys they may be, and who else has them. */
import type { Key } from '../../i18n';
import { clashOf, isBrowsers } from '../../kit';

/** The first key. Alt with Shift changes the layout of the keyboard, Ctrl with Alt types signs: neither is offered. */
export const firstKeys = ['Alt', 'Ctrl', 'Ctrl+Shift'] as const;
export type FirstKey = (typeof firstKeys)[number];

/** What a user's template is among the commands. */
export const commandOf = (templateId: string) => `side.template.${templateId}`;

const signs = 'Backquote|Minus|Equal|BracketLeft|BracketRight|Backslash|Semicolon|Quote|Comma|Period|Slash|IntlBackslash|IntlRo|IntlYen';
const fitting = new RegExp(`^(Key[A-Z]|Digit\\d|Numpad\\d|${signs})$`);

/** Whether a physical key may be the second one: what types something. */
export function isFitting(code: string): boolean {
  return fitting.test(code);
}

/** The parts of a kept combination; null for what is none. */
export function partsOf(combo: string): { first: FirstKey; second: string } | null {
  const first = firstKeys.findLast((keys) => combo.startsWith(`${keys}+`));
  const second = first && combo.slice(first.length + 1);
  return first && second && isFitting(second) ? { first, second } : null;
}

interface Template {
  templateId: string;
  title: string;
}

/** Who forbids a combination, as what is to be said of it. */
export interface Refusal {
  text: Key;
  owner: string;
}

/**
 * What forbids a combination to a template: another template, a command of the
 * workplace, the browser; null if nothing does. A template that is gone, or that
 * the user does not see any more, keeps nothing.
 */
export function refusalOf(combo: string, templateId: string, templates: Template[], hotkeys: Record<string, string>): Refusal | null {
  const owner = templates.find((each) => each.templateId !== templateId && hotkeys[each.templateId] === combo);
  if (owner) return { text: 'side.combo.taken.template', owner: owner.title };
  if (isBrowsers(combo)) return { text: 'side.combo.taken.browser', owner: '' };
  const clash = clashOf(combo, commandOf(templateId));
  if (!clash) return null;
  if (clash.with === 'command') {
    // A command that is not on the page has no label, only its id.
    const named = !/^\w+\.[\w.]+$/.test(clash.label);
    return { text: named ? 'side.combo.taken.command' : 'side.combo.taken.workplace', owner: clash.label };
  }
  return { text: clash.with === 'browser' ? 'side.combo.taken.browser' : 'side.combo.taken.modifier', owner: '' };
}

/** The combinations with one more, taken from templates that are gone. */
export function withCombo(hotkeys: Record<string, string>, templateId: string, combo: string): Record<string, string> {
  return { ...withoutCombo(Object.fromEntries(Object.entries(hotkeys).filter(([, kept]) => kept !== combo)), templateId), [templateId]: combo };
}

export function withoutCombo(hotkeys: Record<string, string>, templateId: string): Record<string, string> {
  return Object.fromEntries(Object.entries(hotkeys).filter(([id]) => id !== templateId));
}
