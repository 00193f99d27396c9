/**
 * What stands where: the parts of the wall, one below the other, as one flat
 * list, so that ten thousand rows are as cheap as those that are seen. It is
 * pure, and goes once over everything.
 */
import type { Names } from '../../sync/names';
import type { WallConversation, WallOperator, WallState } from '../../sync/wall';
import { isFiltered, type Part, type Place } from './place';

export type Row =
  | { is: 'part'; key: string; part: Part; count: number; folded: boolean }
  | { is: 'operator'; key: string; id: string }
  | { is: 'conversation'; key: string; id: string; part: Part }
  | { is: 'failure'; key: string; id: string }
  | { is: 'nothing'; key: string; part: Part };

/** What the filters are compared with beside the rows themselves. */
export type Known = Pick<Names, 'centerOfLine' | 'accountOf'>;

type Rows = Row[];

export function arrange(wall: WallState, place: Place, known: Known): Rows {
  const fits = filter(place, known);
  const { waiting, automatic, kept } = sorted(wall, fits);
  const { active, inactive } = operatorsOf(wall, kept, place, fits);
  const failures = [...wall.failures.values()].filter(fits.failure).toSorted((a, b) => b.at - a.at);
  return [
    ...part('queue', waiting.length, place, () => waiting.map((c) => conversationRow(c, 'queue'))),
    ...part('operators', active.length, place, () => active.flatMap((o) => [operatorRow(o), ...heldBy(kept, o)])),
    ...part('inactive', inactive.length, place, () => inactive.map(operatorRow)),
    ...part('automatic', automatic.length, place, () => automatic.map((c) => conversationRow(c, 'automatic'))),
    ...part('failures', failures.length, place, () => failures.map((f) => ({ is: 'failure', key: `failure-${f.id}`, id: f.id }))),
  ];
}

function part(name: Part, count: number, place: Place, rows: () => Rows): Rows {
  const folded = place.folded.includes(name);
  const head: Row = { is: 'part', key: name, part: name, count, folded };
  if (folded) return [head];
  return count === 0 ? [head, { is: 'nothing', key: `nothing-${name}`, part: name }] : [head, ...rows()];
}

const operatorRow = (o: { id: string }): Row => ({ is: 'operator', key: `operator-${o.id}`, id: o.id });
const conversationRow = (c: WallConversation, of: Part): Row => ({ is: 'conversation', key: `conversation-${c.id}`, id: c.id, part: of });
const heldBy = (kept: Kept, o: { id: string }) => (kept.get(o.id) ?? []).map((c) => conversationRow(c, 'operators'));

interface Fits {
  conversation: (c: WallConversation) => boolean;
  /** Leaves the words out of it. */
  place: (c: WallConversation) => boolean;
  operator: (o: WallOperator) => boolean;
  named: (name: string) => boolean;
  failure: (f: { accountId: string }) => boolean;
}

function filter(place: Place, known: Known): Fits {
  const wanted = folded(place.text.trim());
  const named = (name: string) => wanted === '' || folded(name).includes(wanted);
  const inPlace = (c: WallConversation) => (!place.center || c.centerId === place.center) && (!place.line || c.routing.lineId === place.line);
  return {
    named,
    place: inPlace,
    conversation: (c) => inPlace(c) && named(c.customerName),
    operator: (o) => (!place.line || o.lines.includes(place.line)) && (!place.center || o.lines.some((line) => known.centerOfLine(line) === place.center)),
    // A failed message has no line and names nobody yet.
    failure: (f) => !place.center || known.accountOf(f.accountId)?.centerId === place.center,
  };
}

const folded = (text: string) => text.toLocaleLowerCase('ru').replaceAll('ё', 'е');

/** Conversations by the operator who keeps them. */
type Kept = Map<string, WallConversation[]>;

/** Who has waited longest comes first. */
function sorted(wall: WallState, fits: Fits): { waiting: WallConversation[]; automatic: WallConversation[]; kept: Kept } {
  const waiting: WallConversation[] = [];
  const automatic: WallConversation[] = [];
  const kept: Kept = new Map();
  for (const c of wall.conversations.values()) {
    if (c.phase === 'served') {
      // An operator who is named shows all conversations.
      const operator = wall.operators.get(c.keeperId);
      if (!fits.conversation(c) && !(operator && fits.place(c) && fits.named(operator.name))) continue;
      const others = kept.get(c.keeperId);
      if (others) others.push(c);
      else kept.set(c.keeperId, [c]);
    } else if (fits.conversation(c)) (c.phase === 'waiting' ? waiting : automatic).push(c);
  }
  for (const list of [waiting, automatic, ...kept.values()]) list.sort(longest);
  return { waiting, automatic, kept };
}

const longest = (a: WallConversation, b: WallConversation) => a.since - b.since || (a.id < b.id ? -1 : 1);

/** Who is off reception and keeps nothing is inactive. Who keeps something, and is not among those who are shown, is active all the same. */
function operatorsOf(wall: WallState, kept: Kept, place: Place, fits: Fits) {
  const active: { id: string; name: string }[] = [];
  const inactive: { id: string; name: string }[] = [];
  for (const o of wall.operators.values()) {
    if (!kept.has(o.id) && !(fits.operator(o) && fits.named(o.name))) continue;
    (o.presence === 'OFFLINE' && o.held === 0 && !kept.has(o.id) ? inactive : active).push(o);
  }
  for (const id of kept.keys()) if (!wall.operators.has(id)) active.push({ id, name: id });
  const owed = (id: string) => Math.min(...(kept.get(id) ?? []).map((c) => c.unanswered || Infinity));
  const byName = (a: { name: string; id: string }, b: { name: string; id: string }) => a.name.localeCompare(b.name, 'ru') || (a.id < b.id ? -1 : 1);
  active.sort((a, b) => {
    const by = place.byWait ? owed(a.id) - owed(b.id) : 0;
    return by || byName(a, b);
  });
  return { active, inactive: inactive.sort(byName) };
}

/** Nothing at all is there, and not because of the filters. */
export const isBare = (wall: WallState, place: Place) => !isFiltered(place) && wall.operators.size === 0 && wall.conversations.size === 0 && wall.failures.size === 0;
