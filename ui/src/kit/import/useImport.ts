import { useState } from 'react';
import { say } from '..';

export interface Wish<F> {
  /** Looks at a file, or loads it. */
  bring: (file: File, dryRun: boolean) => Promise<F>;
  /** Whether the file has been loaded; otherwise it says what is wrong with it. */
  loaded: (done: F) => boolean;
  said: (done: F) => string;
  /** Why the file was refused as it is, in words for people. */
  reason: (thrown: unknown) => string;
  close: () => void;
}

/** A file is first only looked at, and then loaded whole or not at all. */
export function useImport<F>({ bring, loaded, said, reason, close }: Wish<F>) {
  const [file, setFile] = useState<File>();
  const [found, setFound] = useState<F>();
  const [broken, setBroken] = useState('');
  const [busy, setBusy] = useState(false);
  const look = async (next: File) => {
    setFile(next);
    setFound(undefined);
    setBroken('');
    try {
      setFound(await bring(next, true));
    } catch (thrown) {
      setBroken(reason(thrown));
    }
  };
  const load = async () => {
    if (!file) return;
    setBusy(true);
    try {
      // What was right a moment ago may be wrong by now.
      const done = await bring(file, false);
      if (!loaded(done)) return setFound(done);
      say(said(done));
      close();
    } catch (thrown) {
      setBroken(reason(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { file, found, broken, busy, look: (next: File) => void look(next), load: () => void load() };
}
