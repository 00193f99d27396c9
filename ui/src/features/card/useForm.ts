import { useEffect, useMemo } from 'react';
import type { Key } from '../../i18n';
import { useWorkplace, type Customer, type CustomField, type Problem } from '../../sync';
import { checkField } from './check';
import {
  changedFields, clashesOf, forget, isChanged, keepMine, noEdit, saveEdit, setField, setTest, showWrong, takeTheirs,
  useEdits, valueOf, type Clash,
} from './edit';

/** A customer's form as any of its views needs it. */
export interface Form {
  customer: Customer;
  fields: CustomField[];
  value: (name: string) => string;
  set: (name: string, value: string) => void;
  /** What is wrong with a field, once it is worth telling. */
  wrong: (name: string) => Key | null;
  clash: (name: string) => Clash | undefined;
  take: (name: string) => void;
  keep: (name: string) => void;
  test: boolean;
  setTest: (test: boolean) => void;
  changed: boolean;
  saving: boolean;
  problem: Problem | null;
  clashes: number;
  reset: () => void;
  /** The first field that has to be mended, true if all was saved, false if not. */
  save: () => Promise<string | boolean>;
}

/** The form of a customer: the same values wherever it is used. */
export function useForm(customer: Customer): Form {
  const id = customer.customerId;
  const edit = useEdits((s) => s.of[id]) ?? noEdit;
  const { fields } = useWorkplace().settings;
  const changed = isChanged(customer, edit);
  const clashes = useMemo(() => clashesOf(customer, edit), [customer, edit]);
  useWarning(changed);

  const check = (field: CustomField) => {
    const touched = field.name in changedFields(customer, edit);
    return touched ? checkField(field, valueOf(customer, edit, field.name)) : missing(field, valueOf(customer, edit, field.name));
  };
  const byName = (name: string) => fields.find((field) => field.name === name);
  return {
    customer, fields, changed, clashes: clashes.length,
    value: (name) => valueOf(customer, edit, name),
    set: (name, value) => setField(customer, name, value),
    wrong: (name) => {
      const field = byName(name);
      return field && edit.tried ? check(field) : null;
    },
    clash: (name) => clashes.find((clash) => clash.name === name),
    take: (name) => takeTheirs(customer, name),
    keep: (name) => keepMine(customer, name),
    test: edit.test ?? customer.test,
    setTest: (test) => setTest(customer, test),
    saving: edit.saving,
    problem: edit.problem,
    reset: () => forget(id),
    save: async () => {
      const first = clashes[0]?.name ?? fields.find(check)?.name;
      if (first === undefined) return saveEdit(customer);
      showWrong(id);
      return first;
    },
  };
}

/** What nobody touched is wrong only if it is missing. */
function missing(field: CustomField, value: string): Key | null {
  return field.required && value.trim() === '' ? 'card.wrong.required' : null;
}

/** The browser asks before it leaves a page with something unsaved. */
function useWarning(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);
}
