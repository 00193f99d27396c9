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
  const read = (key: string): string | null => {
    try {
      return area().getItem(prefix + key);
    } catch {
      return memory.get(key) ?? null;
    }
  };
  return {
    get<T>(key: string): T | undefined {
      const text = read(key) ?? memory.get(key);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as T;
      } catch {
        return undefined;
      }
    },
    set(key, value) {
      try {
        if (value === undefined) area().removeItem(prefix + key);
        else area().setItem(prefix + key, JSON.stringify(value));
        memory.delete(key);
      } catch {
        // The quota is used up, or nothing may be kept.
        if (value === undefined) memory.delete(key);
        else memory.set(key, JSON.stringify(value));
      }
    },
    heard(then) {
      const listen = (e: StorageEvent) => e.key?.startsWith(prefix) && then(e.key.slice(prefix.length));
      addEventListener('storage', listen);
      return () => removeEventListener('storage', listen);
    },
  };
}
