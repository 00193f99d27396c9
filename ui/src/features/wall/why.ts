/**
 * Why a conversation waits, in one word, by what the wall knows of operators.
 * The card asks the queue itself, and says all of it.
 */
import type { WallConversation, WallState } from '../../sync/wall';

export type Why = 'nobody' | 'language' | 'skills' | 'absent' | 'full' | 'soon';

type Operators = WallState['operators'];

/** Rows ask again with each frame: what a routing asks for is looked up once for one state of the operators. */
const asked = new WeakMap<Operators, Map<string, Why>>();

export function whyWaits(operators: Operators, { routing }: Pick<WallConversation, 'routing'>): Why {
  let known = asked.get(operators);
  if (!known) asked.set(operators, (known = new Map()));
  const key = JSON.stringify([routing.lineId, routing.language, routing.skills]);
  const before = known.get(key);
  if (before) return before;
  const why = look(operators, routing);
  known.set(key, why);
  return why;
}

/** The rules one after the other, until nobody is left. */
function look(operators: Operators, { lineId, language, skills }: WallConversation['routing']): Why {
  const ofLine = [...operators.values()].filter((o) => o.lines.includes(lineId));
  const speaks = ofLine.filter((o) => language === '' || o.languages.includes(language));
  const able = speaks.filter((o) => skills.every((skill) => o.skills.includes(skill)));
  const there = able.filter((o) => o.presence === 'ONLINE' && o.connected);
  if (ofLine.length === 0) return 'nobody';
  if (speaks.length === 0) return 'language';
  if (able.length === 0) return 'skills';
  if (there.length === 0) return 'absent';
  return there.every((o) => o.held >= o.capacity) ? 'full' : 'soon';
}
