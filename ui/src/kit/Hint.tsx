/**
 * The name of a button and its keys, in a tooltip. A hint is only two attributes
 * of its button: one layer for the whole page shows those of the one that is
 * pointed at or has the focus, so that a hundred buttons cost no more than one.
 */
import { Group, Kbd, Tooltip } from '@mantine/core';
import { cloneElement, Fragment, useEffect, useId, useState, type ReactElement } from 'react';
import { keysOf } from './combo';
import { comboFor } from './commands';

export function Keys({ combo }: { combo: string }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {keysOf(combo).map((key, i) => (
        <Fragment key={key}>
          {i > 0 && ' + '}
          <Kbd size="xs">{key}</Kbd>
        </Fragment>
      ))}
    </span>
  );
}

interface Props {
  label: string;
  /** The command that the button stands for. */
  command?: string;
  disabled?: boolean;
  children: ReactElement;
}

export function Hint({ label, command, disabled, children }: Props) {
  return disabled ? children : cloneElement(children, hinted(label, command));
}

/** The same for an element that something else holds already. */
export function hinted(label: string, command?: string) {
  const combo = command && comboFor({ id: command, label, group: '', run: () => {} });
  return { 'data-hint': label, 'data-hint-keys': combo || undefined };
}

/** How long the pointer rests before a hint shows. */
const PATIENCE = 400;

/** Shows the hints of the page. It stands in it once. */
export function HintLayer() {
  const [target, show] = useState<HTMLElement | null>(null);
  const id = useId();
  useEffect(() => watch(show), []);
  useEffect(() => (target ? describe(target, id) : undefined), [target, id]);
  if (!target) return null;
  const { hint, hintKeys } = target.dataset;
  const label = (
    <Group gap={8} wrap="nowrap" id={id}>
      {hint}
      {hintKeys && <Keys combo={hintKeys} />}
    </Group>
  );
  return <Tooltip opened target={target} label={label} transitionProps={{ duration: 0 }} />;
}

/** Tells what is pointed at or has the focus of the keyboard, if it has a hint. */
function watch(show: (target: HTMLElement | null) => void): () => void {
  let over: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = (next: HTMLElement | null) => {
    if (next === over) return;
    over = next;
    clearTimeout(timer);
    show(null);
    if (next) timer = setTimeout(() => next.isConnected && show(next), PATIENCE);
  };
  const found = (e: Event) => (e.target instanceof Element ? e.target.closest<HTMLElement>('[data-hint]') : null);
  const listeners: Record<string, (e: Event) => void> = {
    pointerover: (e) => (e as PointerEvent).pointerType !== 'touch' && turn(found(e)),
    focusin: (e) => turn(found(e)?.matches(':focus-visible') ? found(e) : null),
    focusout: () => turn(null),
    pointerdown: () => {
      clearTimeout(timer);
      show(null);
    },
    keydown: (e) => (e as KeyboardEvent).key === 'Escape' && show(null),
  };
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener, true);
  document.documentElement.addEventListener('pointerleave', listeners.focusout!);
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener, true);
    document.documentElement.removeEventListener('pointerleave', listeners.focusout!);
  };
}

/** Who hears the page hears the hint too. */
function describe(target: HTMLElement, id: string): () => void {
  const before = target.getAttribute('aria-describedby');
  target.setAttribute('aria-describedby', before ? `${before} ${id}` : id);
  return () => (before ? target.setAttribute('aria-describedby', before) : target.removeAttribute('aria-describedby'));
}
