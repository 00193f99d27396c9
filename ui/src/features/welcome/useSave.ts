/** A step on its way to the server: it is told once, and what is refused is told beside its field. */
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { useWords } from './text';
import { problemOf, type Problem } from '../../sync';
import { refusedField } from './check';

export function useSave<Wish extends Record<string, unknown>>(form: UseFormReturnType<Wish>) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async (save: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await save();
    } catch (thrown) {
      const told = problemOf(thrown);
      const why = refusedField(told.field, form.getValues());
      if (why) {
        form.setFieldError(told.field, t(why));
        form.getInputNode(told.field)?.focus();
      } else setProblem(told);
    }
    setBusy(false);
  };

  /** The first field that is wrong. */
  const refuse = (errors: Record<string, unknown>) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus();
  return { busy, problem, run, refuse };
}
