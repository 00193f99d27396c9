import { useCallback, useEffect, useMemo, useState } from 'react';
import { complain, offerUndo, say, useUnsaved } from '../../../kit';
import { problemOf, type Problem } from '../../../sync';
import { changed, type Entries, type Kept } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { useOurReason } from '../sentences';
import { useWords, type T as Say } from '../text';
import type { EditorProps } from './Opened';

/** How a kind of record is edited. */
export interface Kind<T> {
  entries: Entries<T>;
  empty: (id: string) => T;
  /** What a new one begins with, if somebody has led here with it. */
  begun?: (empty: T) => T;
  nameOf: (value: T) => string;
  check: (value: T, t: Say) => Wrong;
}

/** A record while it is edited. */
export interface Editing<T> {
  value: T;
  name: string;
  isNew: boolean;
  dirty: boolean;
  busy: boolean;
  /** What is wrong, by the field's path. It changes with each refusal. */
  wrong: Wrong;
  edit: (change: (value: T) => T) => void;
  save: () => Promise<void>;
  remove: () => Promise<void>;
  /** The record that this one was made from. */
  base?: Kept<T>;
  /** What somebody else has kept since. */
  theirs?: Kept<T>;
  overwrite: () => Promise<void>;
  takeTheirs: () => void;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function useRecord<T>({ id, kept, go }: EditorProps<T>, kind: Kind<T>): Editing<T> {
  const { t } = useWords();
  const reason = useOurReason();
  const [empty] = useState(() => kind.empty(id));
  const [base, setBase] = useState(kept);
  const [value, setValue] = useState(() => kept?.value ?? kind.begun?.(empty) ?? empty);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const dirty = !same(value, base?.value ?? empty);
  useUnsaved(dirty && !busy);

  const take = useCallback((now: Kept<T>) => {
    setBase(now);
    setValue(now.value);
    setTried(false);
    setRefused({});
  }, []);
  const newer = kept && kept.revision > (base?.revision ?? 0) ? kept : undefined;
  // What others do to a record that nobody edits here is simply shown.
  useEffect(() => {
    if (newer && !dirty && !busy) take(newer);
  }, [newer, dirty, busy, take]);

  const wrong = useMemo(() => ({ ...refused, ...(tried ? kind.check(value, t) : {}) }), [refused, tried, kind, value, t]);
  const name = kind.nameOf(value).trim();

  function refuse(problem: Problem): void {
    const field = fieldOf(problem.field);
    const why = reason(problem);
    if (field) setRefused({ [field]: why });
    // Somebody else may have kept another one: it is shown beside ours.
    if (problem.kind === 'conflict') void changed();
    complain(t(base ? 'kb.said.notSaved' : 'kb.said.notCreated', { reason: why }));
  }

  async function keep(revision: number | undefined): Promise<void> {
    setTried(true);
    const [first] = Object.values(kind.check(value, t));
    if (first) return complain(t(base ? 'kb.said.notSaved' : 'kb.said.notCreated', { reason: `${first}.` }));
    setBusy(true);
    try {
      const now = await kind.entries.put(id, value, revision);
      take(now);
      say(t(base ? 'kb.said.saved' : 'kb.said.created', { name }));
      if (!base) go({ open: id }, true);
    } catch (thrown) {
      refuse(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  async function remove(): Promise<void> {
    if (!base) return;
    setBusy(true);
    try {
      await kind.entries.remove(id);
      go({ open: '' });
      const back = () =>
        kind.entries.bringBack(id, base).then(() => say(t('kb.said.back', { name })), (thrown: unknown) => complain(reason(problemOf(thrown))));
      offerUndo(t('kb.said.deleted', { name }), t('kit.undo'), () => void back());
    } catch (thrown) {
      complain(t('kb.said.notDeleted', { reason: reason(problemOf(thrown)) }));
      setBusy(false);
    }
  }

  return {
    value, name, isNew: !base, dirty, busy, wrong, base, save: () => keep(base?.revision), remove,
    theirs: dirty ? newer : undefined,
    edit: useCallback((change: (value: T) => T) => {
      setRefused({});
      setValue(change);
    }, []),
    overwrite: () => keep(newer?.revision),
    takeTheirs: () => newer && take(newer),
  };
}

/** Paths of fields as the form has them: a question is its text. */
function fieldOf(said: string): string {
  return said.replace(/^(question|confirmation)$/, '$1.text');
}
