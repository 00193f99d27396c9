/**
 * Disk keeps what must outlive the page: drafts, messages on their way,
 * preferences. It is IndexedDB; where that is not to be had, memory.
 */
export interface Disk {
  all<T>(shelf: Shelf): Promise<Map<string, T>>;
  put(shelf: Shelf, key: string, value: unknown): Promise<void>;
  remove(shelf: Shelf, key: string): Promise<void>;
  clear(): Promise<void>;
}

export type Shelf = 'drafts' | 'outbox' | 'preferences';
const shelves: Shelf[] = ['drafts', 'outbox', 'preferences'];

export function memoryDisk(): Disk {
  const kept = new Map(shelves.map((shelf) => [shelf, new Map<string, unknown>()]));
  const on = (shelf: Shelf) => kept.get(shelf) as Map<string, unknown>;
  return {
    all: <T>(shelf: Shelf) => Promise.resolve(new Map(on(shelf)) as Map<string, T>),
    put: async (shelf, key, value) => void on(shelf).set(key, structuredClone(value)),
    remove: async (shelf, key) => void on(shelf).delete(key),
    clear: async () => kept.forEach((shelf) => shelf.clear()),
  };
}

/** The browser's disk. A private window may have none, and a full one may refuse: then memory has to do. */
export function browserDisk(): Disk {
  const memory = memoryDisk();
  let opening: Promise<IDBDatabase | null> | undefined;
  // The browser may close a database, as when the site's data is cleared; the next use opens it anew.
  const database = () => (opening ??= open(() => { opening = undefined; }).catch(() => null));

  async function run<T>(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => Promise<T>): Promise<T | undefined> {
    try {
      const db = await database();
      return db ? await act(db.transaction(shelf, mode).objectStore(shelf)) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    async all<T>(shelf: Shelf) {
      const found = await memory.all<T>(shelf);
      const kept = await run(shelf, 'readonly', (store) => Promise.all([done(store.getAllKeys()), done<T[]>(store.getAll())]));
      kept?.[0].forEach((key, index) => {
        const value = kept[1][index];
        if (value !== undefined && !found.has(String(key))) found.set(String(key), value);
      });
      return found;
    },
    async put(shelf, key, value) {
      await memory.put(shelf, key, value);
      await run(shelf, 'readwrite', (store) => done(store.put(value, key)));
    },
    async remove(shelf, key) {
      await memory.remove(shelf, key);
      await run(shelf, 'readwrite', (store) => done(store.delete(key)));
    },
    async clear() {
      await memory.clear();
      await Promise.all(shelves.map((shelf) => run(shelf, 'readwrite', (store) => done(store.clear()))));
    },
  };
}

async function open(closed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open('crafttalk', 1);
  request.onupgradeneeded = () => shelves.forEach((shelf) => request.result.createObjectStore(shelf));
  const db = await done(request);
  db.onclose = closed;
  return db;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the disk refused'));
  });
}

let current: Disk | undefined;

/** The disk of this page. */
export function disk(): Disk {
  return (current ??= browserDisk());
}

/** Tests bring their own. */
export function setDisk(other: Disk): void {
  current = other;
}
