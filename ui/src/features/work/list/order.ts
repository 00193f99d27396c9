/** Which dialog stands where in the list. */
import type { Conversation } from '../../../sync';

/** When an answer is due; Infinity for what is answered. */
export function deadline(c: Conversation): number {
  if (c.unanswered === 0) return Infinity;
  return c.waitingSince + (c.responseTimeout > 0 ? c.responseTimeout : 0);
}

/** Those who wait by the nearest deadline, then the answered ones by the latest movement. */
export function orderOf(conversations: readonly Conversation[]): string[] {
  return [...conversations].sort(compare).map((c) => c.id);
}

function compare(a: Conversation, b: Conversation): number {
  const waits = Number(b.unanswered > 0) - Number(a.unanswered > 0);
  if (waits !== 0) return waits;
  if (a.unanswered > 0) return deadline(a) - deadline(b) || a.assignedAt - b.assignedAt || byId(a, b);
  return lastAt(b) - lastAt(a) || byId(a, b);
}

function byId(a: Conversation, b: Conversation): number {
  return a.id < b.id ? -1 : 1;
}

function lastAt(c: Conversation): number {
  return c.items.at(-1)?.at ?? c.openedAt;
}

/**
 * The order to show while a pointer or the focus rests in the list: rows stay
 * where they are, those who left are gone, those who came stand at the end.
 */
export function held(shown: readonly string[], wanted: readonly string[]): string[] {
  const here = new Set(wanted);
  const known = new Set(shown);
  return [...shown.filter((id) => here.has(id)), ...wanted.filter((id) => !known.has(id))];
}

/** Where to go when a dialog leaves: the one below it, else the one above. */
export function neighbour(order: readonly string[], id: string): string | undefined {
  const at = order.indexOf(id);
  return at < 0 ? order[0] : (order[at + 1] ?? order[at - 1]);
}

/** The one that many steps away; the ends stop. */
export function stepFrom(order: readonly string[], id: string, step: number): string | undefined {
  const at = order.indexOf(id);
  if (at < 0) return step > 0 ? order[0] : order.at(-1);
  return order[Math.min(Math.max(at + step, 0), order.length - 1)];
}

/** The next one after this that waits for an answer, going round. */
export function nextUnanswered(order: readonly string[], id: string, waits: (id: string) => boolean): string | undefined {
  const at = order.indexOf(id);
  return [...order.slice(at + 1), ...order.slice(0, Math.max(at, 0))].find(waits);
}
