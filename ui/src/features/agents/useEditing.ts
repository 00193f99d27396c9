/** Something while it is edited: what differs, what is wrong with it, and how it is kept. */
import { useState } from 'react';
import { complain, say, useReason, useUnsaved } from '../../kit';
import { problemOf } from '../../sync';
import { useOurWords } from './sentences';

/** What is wrong, by the field. */
export type Wrong = Record<string, string | undefined>;

export interface Editing<V> {
  value: V;
  wrong: Wrong;
  dirty: boolean;
  busy: boolean;
  set: (part: Partial<V>) => void;
  submit: () => Promise<void>;
}

interface Wish<V, K> {
  begin: () => V;
  check: (value: V) => Wrong;
  put: (value: V) => Promise<K>;
  /** The form's field that the server means; none if it has none there. */
  fieldOf: (named: string) => keyof V | undefined;
  /** What is said once it is kept. */
  said: string;
  done: (value: V, kept: K) => void;
}

export function useEditing<V extends object, K>({ begin, check, put, fieldOf, said, done }: Wish<V, K>): Editing<V> {
  const reason = useReason();
  const ours = useOurWords();
  const [first] = useState(begin);
  const [value, setValue] = useState(first);
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const dirty = JSON.stringify(value) !== JSON.stringify(first);
  useUnsaved(dirty && !busy);

  function refused(thrown: unknown): void {
    const problem = problemOf(thrown);
    const told = problem.detail && [409, 422, 428].includes(problem.status) ? ours(problem.detail) : reason(thrown);
    const field = fieldOf(problem.field);
    if (problem.field && field !== undefined) setWrong({ [field]: told });
    else complain(told);
  }

  async function submit(): Promise<void> {
    const found = check(value);
    setWrong(found);
    if (Object.values(found).some(Boolean)) return;
    setBusy(true);
    try {
      const kept = await put(value);
      say(said);
      done(value, kept);
    } catch (thrown) {
      refused(thrown);
      setBusy(false);
    }
  }

  const set = (part: Partial<V>) => {
    setValue((now) => ({ ...now, ...part }));
    setWrong((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !(field in part))));
  };
  return { value, wrong, dirty, busy, set, submit };
}
