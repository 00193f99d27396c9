/** Something while it is edited in a form: what differs, what is wrong with it, and how it is kept. */
import { useState } from 'react';
import { problemOf } from '../../sync';
import { useUnsaved } from '../leaving';
import { useRefused } from '../told';
import { complain, say } from '../toast';
import { useOurWords } from './OurWords';

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
  /** Why it was refused, in words for people, if the page has its own. */
  reason?: (thrown: unknown) => string;
  /** What is said once it is kept. */
  said: string;
  done: (value: V, kept: K) => void;
}

export function useEditing<V extends object, K>({ begin, check, put, fieldOf, reason, said, done }: Wish<V, K>): Editing<V> {
  const why = useRefused(useOurWords(), [409, 422, 428]);
  const [first] = useState(begin);
  const [value, setValue] = useState(first);
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const dirty = JSON.stringify(value) !== JSON.stringify(first);
  useUnsaved(dirty && !busy);

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
      const named = problemOf(thrown).field;
      const field = named ? fieldOf(named) : undefined;
      const told = (reason ?? why)(thrown);
      if (field !== undefined) setWrong({ [field]: told });
      else complain(told);
      setBusy(false);
    }
  }

  const set = (part: Partial<V>) => {
    setValue((now) => ({ ...now, ...part }));
    setWrong((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !(field in part))));
  };
  return { value, wrong, dirty, busy, set, submit };
}
