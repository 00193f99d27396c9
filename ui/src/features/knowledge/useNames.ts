import { useMemo } from 'react';
import { useSession, useWorkplace, type Topic } from '../../sync';
import { useArticleTypes, useSlots, type ArticleType, type Kept, type Slot } from '../../sync/knowledge';
import type { Names } from './facts';
import { useWords } from './text';

const noSlots: Kept<Slot>[] = [];
const noTypes: Kept<ArticleType>[] = [];

export const useSlotList = () => useSlots().data ?? noSlots;
export const useTypeList = () => useArticleTypes().data ?? noTypes;

/** A topic with all it is part of: «Доставка › Опоздание». */
export function topicPath(topics: readonly Topic[], id: string): string {
  const path: string[] = [];
  for (let at = topics.find((t) => t.topicId === id); at && path.length < 20; at = topics.find((t) => t.topicId === at!.parentId)) path.unshift(at.name);
  return path.join(' › ') || id;
}

export const slotName = (slot: Slot) => slot.name || slot.identifier;

/** What ids are called; an id that nothing has is shown as it is. */
export function useNames(articleName: (id: string) => string = (id) => id): Names {
  const { t } = useWords();
  const { topics, lines, centers, skills, languages } = useWorkplace();
  const [slots, types] = [useSlotList(), useTypeList()];
  return useMemo(() => {
    const slot = (id: string) => slots.find((s) => s.value.slotId === id)?.value;
    return {
      slot: (id) => (slot(id) ? slotName(slot(id)!) : id),
      value: (slotId, value) => {
        const { type, entries } = slot(slotId) ?? { type: 'TEXT', entries: [] };
        if (type === 'MATCH') return t(value === 'true' ? 'kb.match.true' : 'kb.match.false');
        return entries.find((e) => e.id === value)?.caption ?? value;
      },
      type: (id) => types.find((x) => x.value.typeId === id)?.value.name || id,
      topic: (id) => (id ? topicPath(topics, id) : ''),
      line: (id) => lines.find((l) => l.lineId === id)?.name || id,
      center: (id) => centers.find((c) => c.centerId === id)?.name || id,
      skill: (id) => skills.find((s) => s.skillId === id)?.name || id,
      language: (id) => languages.find((l) => l.languageId === id)?.name || id,
      article: articleName,
    };
  }, [t, topics, lines, centers, skills, languages, slots, types, articleName]);
}

/** Who made a change, as people call them. */
export function usePerson(): (id: string) => string {
  const { t } = useWords();
  const { operators } = useWorkplace();
  const { user } = useSession();
  return (id) => {
    if (id === 'setup' || id === '') return t('kb.by.setup');
    if (user?.userId === id) return [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login;
    return operators.find((o) => o.userId === id)?.name ?? id;
  };
}
