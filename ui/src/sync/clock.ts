import { useSyncExternalStore } from 'react';

/** How far the server's clock is ahead of this one, in milliseconds. */
let offset = 0;

/** The server's clock, in milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** The server has just told its time. */
export function setServerTime(now: number): void {
  offset = now - Date.now();
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let second = 0;

/** One timer serves every listener, and fires when the server's second changes. */
function tick(): void {
  second = wholeSecond();
  listeners.forEach((listener) => listener());
  wait();
}

function wait(): void {
  clearTimeout(timer);
  timer = listeners.size > 0 ? setTimeout(tick, 1000 - (((serverNow() % 1000) + 1000) % 1000)) : undefined;
}

function wholeSecond(): number {
  return Math.floor(serverNow() / 1000) * 1000;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    second = wholeSecond();
    wait();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) wait();
  };
}

function snapshot(): number {
  return timer === undefined ? wholeSecond() : second;
}

/** The server's time in milliseconds, whole seconds. It re-renders once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot);
}
