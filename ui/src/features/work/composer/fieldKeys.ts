/** A list that is open over the field, while the focus stays in the field. */
import { useEffect, useRef, type RefObject } from 'react';

type Field = RefObject<HTMLTextAreaElement | null>;

/** The field's own keys serve the list. One that is not told is the field's. */
export function useKeys(field: Field, keys: Record<string, (() => void) | undefined>): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  useEffect(() => {
    const f = field.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const run = now.current[event.key];
      if (!run || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    f?.addEventListener('keydown', onKeyDown);
    return () => f?.removeEventListener('keydown', onKeyDown);
  }, [field]);
}

/** The field tells which option is the active one. */
export function useActive(field: Field, list: string, active: string): void {
  useEffect(() => {
    const f = field.current;
    f?.setAttribute('aria-controls', list);
    f?.setAttribute('aria-activedescendant', active);
    return () => {
      f?.removeAttribute('aria-controls');
      f?.removeAttribute('aria-activedescendant');
    };
  }, [field, list, active]);
}
