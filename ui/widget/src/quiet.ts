/**
 * Nothing that goes wrong in here may reach the page. These guards take what is
 * thrown, and show it to whoever looks for it in the browser's console.
 */
export function guarded<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return f(...args);
    } catch (e) {
      note(e);
      return undefined;
    }
  };
}

/** quietly lets a promise go its way. */
export function quietly(p: Promise<unknown>): void {
  p.catch(note);
}

export function note(e: unknown): void {
  console.debug('crafttalk:', e);
}
