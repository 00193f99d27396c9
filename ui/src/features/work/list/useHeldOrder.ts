import { useMemo, useRef, useState, type FocusEvent } from 'react';
import { held } from './order';

/** The order to show: the wanted one, except while the pointer or the focus is in the list. */
export function useHeldOrder(wanted: string[]) {
  const [pointed, point] = useState(false);
  const [focused, focus] = useState(false);
  const shown = useRef(wanted);

  const next = pointed || focused ? held(shown.current, wanted) : wanted;
  if (!same(next, shown.current)) shown.current = next;

  const hold = useMemo(
    () => ({
      onPointerEnter: () => point(true),
      onPointerLeave: () => point(false),
      onFocus: () => focus(true),
      onBlur: (event: FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) focus(false);
      },
    }),
    [],
  );
  return { order: shown.current, hold };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
