/** The tree of topics as a flat list, by a search. */
import type { Topic } from '../../../sync';

export interface Leaf {
  topic: Topic;
  depth: number;
  /** It is what was searched for, not only above it. */
  fits: boolean;
}

/** Topics that fit the query with those above them; a fitting topic shows all below it. */
export function topicLeaves(topics: readonly Topic[], query: string): Leaf[] {
  const wanted = plain(query);
  const children = Map.groupBy(topics.filter((t) => !t.archived), (t) => t.parentId);
  const known = new Set(topics.map((t) => t.topicId));
  const roots = [...children].filter(([parent]) => parent === '' || !known.has(parent)).flatMap(([, all]) => all);

  const walk = (topic: Topic, depth: number, above: boolean): Leaf[] => {
    const fits = above || plain(topic.name).includes(wanted);
    const below = (children.get(topic.topicId) ?? []).flatMap((t) => walk(t, depth + 1, fits));
    return fits || below.length > 0 ? [{ topic, depth, fits }, ...below] : [];
  };
  return roots.flatMap((t) => walk(t, 0, wanted === ''));
}

function plain(text: string): string {
  return text.trim().toLocaleLowerCase('ru').replaceAll('ё', 'е');
}
