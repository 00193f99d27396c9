/**
 * Leaving a page with something unsaved is asked about first. The page says what
 * is unsaved and shows the question; whoever leads elsewhere does it by `go`.
 */
import { useEffect, useLayoutEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { create } from 'zustand';

interface Leaving {
  unsaved: boolean;
  /** Where that is. */
  place: string;
  /** What waits for the answer. */
  wish: (() => void) | null;
}

export const useLeaving = create<Leaving>(() => ({ unsaved: false, place: '', wish: null }));

/** Does what leaves the page, at once if nothing is unsaved. */
export function leave(act: () => void): void {
  if (useLeaving.getState().unsaved) useLeaving.setState({ wish: act });
  else act();
}

export function go(to: string): void {
  leave(() => navigate(to));
}

export function stay(): void {
  useLeaving.setState({ wish: null });
}

/** The person leaves and loses what is unsaved. */
export function leaveAnyway(): void {
  const { wish } = useLeaving.getState();
  useLeaving.setState({ unsaved: false, wish: null });
  wish?.();
}

/** Guards the page while something on it is unsaved: its links, the browser's own ways, and its closing. */
export function useUnsaved(unsaved: boolean): void {
  // Before anything else of the page is gone, nothing of it is unsaved any more.
  useLayoutEffect(() => {
    useLeaving.setState({ unsaved, place: here() });
    return () => useLeaving.setState({ unsaved: false, wish: null });
  }, [unsaved]);
  useEffect(() => (unsaved ? guard() : undefined), [unsaved]);
}

const here = () => location.pathname + location.search;

function guard(): () => void {
  const closing = (event: BeforeUnloadEvent) => {
    if (useLeaving.getState().unsaved) event.preventDefault();
  };
  const clicked = (event: MouseEvent) => {
    const to = useLeaving.getState().unsaved ? leadsTo(event) : '';
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  addEventListener('beforeunload', closing);
  addEventListener('click', clicked, true);
  return () => {
    removeEventListener('beforeunload', closing);
    removeEventListener('click', clicked, true);
  };
}

/**
 * Hears of the browser's own ways back and forth. It must be called before the
 * router listens: a window hears in the order in which one has begun to listen.
 * The browser has gone already: it is led back, and goes again once that is wanted.
 */
export function guardHistory(): () => void {
  const gone = (event: PopStateEvent) => {
    const { unsaved, place } = useLeaving.getState();
    if (!unsaved || here() === place) return;
    event.stopImmediatePropagation();
    history.pushState(null, '', place);
    leave(() => history.back());
  };
  addEventListener('popstate', gone);
  return () => removeEventListener('popstate', gone);
}

/** Where a press on a link leads within the workspace; empty if it opens elsewhere. */
function leadsTo(event: MouseEvent): string {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== location.origin) return '';
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return '';
  const to = link.pathname + link.search;
  return link.hash || to.startsWith('/api/') ? '' : to;
}
