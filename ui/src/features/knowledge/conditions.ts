/** When an answer is given: what can be compared, and whether it holds. */
import type { Comparison, Condition, ConditionSet, SlotType } from '../../sync/knowledge';

const words: readonly Comparison[] = ['EQUAL', 'NOT_EQUAL', 'CONTAINS', 'KNOWN', 'UNKNOWN'];
const byType: Record<SlotType, readonly Comparison[]> = {
  DICTIONARY: ['EQUAL', 'NOT_EQUAL', 'KNOWN', 'UNKNOWN'],
  INTEGER: ['EQUAL', 'NOT_EQUAL', 'LESS', 'GREATER', 'KNOWN', 'UNKNOWN'],
  MATCH: ['EQUAL', 'KNOWN', 'UNKNOWN'],
  TEXT: words,
  PHONE: ['EQUAL', 'NOT_EQUAL', 'KNOWN', 'UNKNOWN'],
  CAPTURE: words,
};

export const comparisonsOf = (type: SlotType) => byType[type];

/** Whether a slot is something is said without a value. */
export const needsValue = (comparison: Comparison) => comparison !== 'KNOWN' && comparison !== 'UNKNOWN';

/** Another slot, with a comparison and a value that fit its type. */
export function aboutSlot(condition: Condition, slotId: string, type: SlotType): Condition {
  const kept = byType[type].includes(condition.comparison) ? condition.comparison : 'EQUAL';
  return { slotId, comparison: kept, value: type === 'MATCH' && needsValue(kept) ? 'true' : '' };
}

export type Known = ReadonlyMap<string, string>;

export function holds({ slotId, comparison, value }: Condition, known: Known): boolean {
  const held = known.get(slotId);
  if (held === undefined) return comparison === 'NOT_EQUAL' || comparison === 'UNKNOWN';
  switch (comparison) {
    case 'EQUAL':
      return held === value;
    case 'NOT_EQUAL':
      return held !== value;
    case 'LESS':
      return Number(held) < Number(value);
    case 'GREATER':
      return Number(held) > Number(value);
    case 'CONTAINS':
      return held.toLocaleLowerCase('ru').includes(value.toLocaleLowerCase('ru'));
    case 'KNOWN':
      return true;
    case 'UNKNOWN':
      return false;
  }
}

/** One of the sets must hold; none always does. */
export const anyHolds = (sets: readonly ConditionSet[], known: Known) =>
  sets.length === 0 || sets.some((set) => set.all.every((condition) => holds(condition, known)));
