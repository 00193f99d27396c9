/** What people call what others mention by id: operators, lines, agents, topics. Looked up in one place for all pages. */
import { useWorkplace, type Account, type Topic, type Workplace } from './workplace';

/** The name of an id. One that nothing has is shown as it is, or as the asker says. */
export type Name = (id: string, otherwise?: string) => string;

export interface Names {
  /** A user; oneself too, operator or not. */
  operator: Name;
  agent: Name;
  account: Name;
  center: Name;
  line: Name;
  language: Name;
  skill: Name;
  topic: Name;
  /** A topic with all it is part of: «Доставка / Опоздание». */
  topicPath: Name;
  /** Who has a conversation: an operator, an agent, or the line it waits for. */
  keeper: (handler: string, id: string) => string;
  accountOf: (id: string) => Account | undefined;
  centerOfLine: (id: string) => string;
}

export function useNames(): Names {
  return namesOf(useWorkplace());
}

const made = new WeakMap<Workplace, Names>();

/** Each row of a list asks: what is made of a workplace is made once. */
export function namesOf(workplace: Workplace): Names {
  let names = made.get(workplace);
  if (!names) made.set(workplace, (names = make(workplace)));
  return names;
}

function make({ user, operators, agents, accounts, centers, lines, languages, skills, topics }: Workplace): Names {
  const own = { userId: user.userId, name: [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login };
  const operator = naming([own, ...operators], (o) => o.userId);
  const agent = naming(agents, (a) => a.agentId);
  const line = naming(lines, (l) => l.lineId);
  const accountOf = known(accounts, (a) => a.accountId);
  const lineOf = known(lines, (l) => l.lineId);
  return {
    operator, agent, line, accountOf,
    account: naming(accounts, (a) => a.accountId),
    center: naming(centers, (c) => c.centerId),
    language: naming(languages, (l) => l.languageId),
    skill: naming(skills, (s) => s.skillId),
    topic: naming(topics, (t) => t.topicId),
    topicPath: (id, otherwise = id) => topicPath(topics, id) || otherwise,
    keeper: (handler, id) => (handler === 'operator' ? operator : handler === 'agent' ? agent : line)(id),
    centerOfLine: (id) => lineOf(id)?.centerId ?? '',
  };
}

function naming<T extends { name: string }>(all: readonly T[], idOf: (one: T) => string): Name {
  const find = known(all, idOf);
  return (id, otherwise = id) => find(id)?.name || otherwise;
}

/** Found by its id, without going through the list each time. */
function known<T>(all: readonly T[], idOf: (one: T) => string): (id: string) => T | undefined {
  let byId: Map<string, T> | undefined;
  return (id) => (byId ??= new Map(all.map((one) => [idOf(one), one]))).get(id);
}

/** A topic with those above it; empty if there is none. */
export function topicPath(topics: readonly Pick<Topic, 'topicId' | 'parentId' | 'name'>[], id: string): string {
  const find = known(topics, (t) => t.topicId);
  const path: string[] = [];
  for (let at = find(id); at && path.length < 20; at = find(at.parentId)) path.unshift(at.name);
  return path.join(' / ');
}
