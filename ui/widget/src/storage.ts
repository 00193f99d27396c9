/**
 * Kept is what a browser keeps for us. Where a page may keep nothing, as in some
 * private windows, it lives as long as the page does.
 */
export interface Kept {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
  /** heard calls back when another tab has changed a key; it returns what ends that. */
  heard(then: (key: string) => void): () => void;
}

export function kept(area: () => Storage, prefix: string): Kept {
  const memory = new Map<string, string>();
  return {
    get<T>(key: string): T | undefined {
      try {
        return JSON.parse(memory.get(key) ?? area().getItem(prefix + key) ?? '') as T;
      } catch {
        return undefined;
      }
    },
    set(key, value) {
      const text = JSON.stringify(value) ?? '';
      memory.delete(key);
      try {
        area().setItem(prefix + key, text);
      } catch {
        memory.set(key, text); // the quota is used up, or nothing may be kept
      }
    },
    heard(then) {
      const listen = (e: StorageEvent) => e.key?.startsWith(prefix) && then(e.key.slice(prefix.length));
      addEventListener('storage', listen);
      return () => removeEventListener('storage', listen);
    },
  };
}
