/** What a customer would see: a survey played on the page, question after question. */
import type { Answer, Article, Slot } from '../../sync/knowledge';
import { anyHolds, type Known } from './conditions';

export interface Played {
  /** What was asked and said so far. */
  said: { slot: Slot; value: string }[];
  /** What is asked now. */
  asks?: Slot;
  /** What is answered once everything is known. */
  answers: Answer[];
}

/** Hidden slots are never asked; slots of one class share what is known. */
export function play(article: Article, slots: readonly Slot[], entered: Known, draw: number): Played {
  const asked = article.slotIds.map((id) => slots.find((s) => s.slotId === id)).filter((s) => s !== undefined).filter((s) => s.kind === 'ASKED');
  const known = sharedByClass(slots, entered);
  const said = asked.filter((s) => entered.has(s.slotId)).map((slot) => ({ slot, value: entered.get(slot.slotId)! }));
  const asks = asked.find((s) => !known.has(s.slotId));
  return { said, asks, answers: asks ? [] : chosen(article, known, draw) };
}

function sharedByClass(slots: readonly Slot[], entered: Known): Known {
  const classOf = (s: Slot) => s.class || s.identifier;
  const byClass = new Map(slots.filter((s) => entered.has(s.slotId)).map((s) => [classOf(s), entered.get(s.slotId)!]));
  return new Map(slots.filter((s) => byClass.has(classOf(s))).map((s) => [s.slotId, byClass.get(classOf(s))!]));
}

/** The answers that the policy takes of those whose conditions hold. */
function chosen({ answers, policy }: Article, known: Known, draw: number): Answer[] {
  const fitting = answers.filter((a) => anyHolds(a.conditions, known));
  if (policy === 'ALL_ANSWERS') return fitting;
  const one = policy === 'FIRST_ANSWER' ? fitting[0] : fitting[draw % fitting.length];
  return one ? [one] : [];
}
