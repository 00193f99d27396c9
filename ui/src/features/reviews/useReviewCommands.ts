import { useMemo } from 'react';
import { useCommands, type Command } from '../../kit';
import type { Steps } from './ReviewsPage';
import { useWords } from './text';

/** As with the dialogs of the work page, Alt with arrows goes through the list. */
export const previousKeys = 'Alt+ArrowUp';
export const nextKeys = 'Alt+ArrowDown';
export const doneKeys = 'Ctrl+Enter';

export function useReviewCommands({ previous, next }: Steps): void {
  const { t } = useWords();
  const commands = useMemo<Command[]>(() => {
    const group = t('rv.keys.group');
    return [
      { id: 'reviews.previous', group, label: t('rv.previous'), combo: previousKeys, run: () => previous?.() },
      { id: 'reviews.next', group, label: t('rv.next'), combo: nextKeys, run: () => next?.() },
    ];
  }, [t, previous, next]);
  useCommands(commands);
}
