/** From one thing of a list to the next: by buttons, and as with the dialogs of the work page by Alt with arrows. */
import { useMemo } from 'react';
import { useCommands, type Command } from './commands';

/** Ways through the list; none where there is nothing that way. */
export interface Steps {
  previous?: () => void;
  next?: () => void;
}

export const previousKeys = 'Alt+ArrowUp';
export const nextKeys = 'Alt+ArrowDown';

/** The neighbours of the open one among those that are shown; of none, the first. */
export function useSteps(shown: readonly string[], open: string, go: (id: string) => void): Steps {
  return useMemo(() => {
    const at = shown.indexOf(open);
    const to = (id: string | undefined) => (id === undefined ? undefined : () => go(id));
    return { previous: at > 0 ? to(shown[at - 1]) : undefined, next: to(shown[at + 1]) };
  }, [shown, open, go]);
}

/** The same by the keyboard. What they are called is the page's. */
export function useStepCommands({ previous, next }: Steps, words: { id: string; group: string; previous: string; next: string }): void {
  const { id, group, previous: before, next: after } = words;
  const commands = useMemo<Command[]>(
    () => [
      { id: `${id}.previous`, group, label: before, combo: previousKeys, run: () => previous?.() },
      { id: `${id}.next`, group, label: after, combo: nextKeys, run: () => next?.() },
    ],
    [id, group, before, after, previous, next],
  );
  useCommands(commands);
}
