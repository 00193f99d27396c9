import { useMemo } from 'react';
import { useNames as useOurNames } from '../../sync/names';
import { useArticleTypes, useSlots, type ArticleType, type Kept, type Slot } from '../../sync/knowledge';
import type { Names } from './facts';
import { useWords } from './text';

const noSlots: Kept<Slot>[] = [];
const noTypes: Kept<ArticleType>[] = [];

export const useSlotList = () => useSlots().data ?? noSlots;
export const useTypeList = () => useArticleTypes().data ?? noTypes;

export const slotName = (slot: Slot) => slot.name || slot.identifier;

/** What ids are called; an id that nothing has is shown as it is. */
export function useNames(articleName: (id: string) => string = (id) => id): Names {
  const { t } = useWords();
  const { topicPath, line, center, skill, language } = useOurNames();
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
      topic: (id) => topicPath(id),
      line, center, skill, language,
      article: articleName,
    };
  }, [t, topicPath, line, center, skill, language, slots, types, articleName]);
}

/** Who made a change, as people call them. */
export function usePerson(): (id: string) => string {
  const { t } = useWords();
  const { operator } = useOurNames();
  return (id) => (id === 'setup' || id === '' ? t('kb.by.setup') : operator(id));
}
