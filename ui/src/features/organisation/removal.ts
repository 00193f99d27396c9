import type { Removal } from '../../kit/sheet/Sheet';
import { removeEntry, type Collection, type Organisation, type Used } from '../../sync/organisation';
import { useWords } from './text';

export const usedOf = (all: Organisation, kind: Used['kind'], id: string) => all.uses.find((u) => u.kind === kind && u.id === id);

/** How an entry is taken out: what is in use is not. */
export function useRemoval() {
  const { t } = useWords();
  return (all: Organisation, kind: 'center' | 'line' | 'language' | 'skill', id: string, name: string): Removal => ({
    title: t(`org.${kind}.delete`, { name }), text: t('org.delete.text'), name,
    run: () => removeEntry(`${kind}s` as Collection, id), said: t('org.deleted', { name }), users: usedOf(all, kind, id)?.by ?? [],
  });
}
