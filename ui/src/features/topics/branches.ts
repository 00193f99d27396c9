/** The tree of topics as it is drawn, and where a topic goes when it is moved. */
import { plain } from '../../kit/sheet/Records';
import type { Topic } from '../../sync/organisation';

/** A topic in the tree: its level from 1, and its place among its neighbours from 0. */
export interface Branch {
  topic: Topic;
  level: number;
  at: number;
  of: number;
  children: number;
}

/** Where a topic goes: under which one, in front of which one; empty is the top, and behind all. */
export interface Spot {
  parent: string;
  before: string;
}

/** Topics right under one, as people have placed them; those that nobody placed come behind, by name. */
export function under(topics: readonly Topic[], parent: string): Topic[] {
  return topics
    .filter((t) => t.parent_id === parent)
    .toSorted((a, b) => Number(a.place === 0) - Number(b.place === 0) || a.place - b.place || a.name.localeCompare(b.name, 'ru') || a.topic_id.localeCompare(b.topic_id));
}

/** What is drawn: all that is unfolded, or, of what is searched for, the topics that fit with those above them. */
export function branches(topics: readonly Topic[], folded: ReadonlySet<string>, query = ''): Branch[] {
  const wanted = plain(query);
  const fits = (topic: Topic): boolean => plain(topic.name).includes(wanted) || under(topics, topic.topic_id).some(fits);
  const walk = (parent: string, level: number): Branch[] => {
    const all = under(topics, parent).filter((t) => wanted === '' || fits(t));
    return all.flatMap((topic, at) => {
      const children = under(topics, topic.topic_id).length;
      const shut = folded.has(topic.topic_id) && wanted === '';
      return [{ topic, level, at, of: all.length, children }, ...(shut ? [] : walk(topic.topic_id, level + 1))];
    });
  };
  return walk('', 1);
}

export type Way = 'up' | 'down' | 'in' | 'out';

/** Where a topic goes by a key or a button; undefined if there is nothing that way. */
export function spotOf(topics: readonly Topic[], topic: Topic, way: Way): Spot | undefined {
  const beside = under(topics, topic.parent_id);
  const at = beside.findIndex((t) => t.topic_id === topic.topic_id);
  const idAt = (n: number) => beside[n]?.topic_id ?? '';
  if (way === 'up') return at > 0 ? { parent: topic.parent_id, before: idAt(at - 1) } : undefined;
  if (way === 'down') return at < beside.length - 1 ? { parent: topic.parent_id, before: idAt(at + 2) } : undefined;
  if (way === 'in') return at > 0 ? { parent: idAt(at - 1), before: '' } : undefined;
  const parent = topics.find((t) => t.topic_id === topic.parent_id);
  if (!parent) return undefined;
  const above = under(topics, parent.parent_id);
  return { parent: parent.parent_id, before: above[above.findIndex((t) => t.topic_id === parent.topic_id) + 1]?.topic_id ?? '' };
}

/** Whether a topic is another one or somewhere under it. */
export function isWithin(topics: readonly Topic[], id: string, of: string): boolean {
  for (let at = id, n = 0; at !== '' && n < 50; at = topics.find((t) => t.topic_id === at)?.parent_id ?? '', n++) if (at === of) return true;
  return false;
}
