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
  const known = new Set(topics.map((t) => t.topicId));
  const children = new Map<string, Topic[]>();
  for (const topic of topics.filter((t) => !t.archived)) {
    // A topic whose parent is not there stands by itself.
    const parent = known.has(topic.parentId) ? topic.parentId : '';
    children.set(parent, [...(children.get(parent) ?? []), topic]);
  }

  const walk = (topic: Topic, depth: number, above: boolean): Leaf[] => {
    const fits = above || plain(topic.name).includes(wanted);
    const below = (children.get(topic.topicId) ?? []).flatMap((t) => walk(t, depth + 1, fits));
    return fits || below.length > 0 ? [{ topic, depth, fits }, ...below] : [];
  };
  return (children.get('') ?? []).flatMap((t) => walk(t, 0, wanted === ''));
}

function plain(text: string): string {
  return text.trim().toLocaleLowerCase('ru').replaceAll('ё', 'е');
}
