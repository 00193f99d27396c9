/**
 * What is being changed in customers' forms. There is one edit of a customer,
 * however many forms show it, so a change in one is a change in the other. It
 * stays while the operator looks at somebody else.
 */
import { create } from 'zustand';
import { patchCustomer, problemOf, queryClient, type Customer, type Problem } from '../../sync';

/** One field: what it was when the change began, and what it is to become. */
export interface Change {
  from: string;
  to: string;
}

export interface Edit {
  fields: Record<string, Change>;
  /** «Тестовый», if that is to change. */
  test?: boolean;
  saving: boolean;
  /** Saving was tried, so that what is wrong is shown. */
  tried: boolean;
  problem: Problem | null;
}

export const noEdit: Edit = { fields: {}, saving: false, tried: false, problem: null };

export const useEdits = create<{ of: Record<string, Edit> }>(() => ({ of: {} }));

/** Somebody else changed a field since the change of it began. */
export interface Clash {
  name: string;
  theirs: string;
}

type Known = Pick<Customer, 'customerId' | 'fields' | 'test'>;

/** What a form shows in a field. */
export function valueOf(customer: Known, edit: Edit, name: string): string {
  return edit.fields[name]?.to ?? customer.fields[name] ?? '';
}

/** The fields that differ from what the server has. */
export function changedFields(customer: Known, edit: Edit): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [name, { to }] of Object.entries(edit.fields)) {
    if (to.trim() !== (customer.fields[name] ?? '')) changed[name] = to.trim();
  }
  return changed;
}

export function isChanged(customer: Known, edit: Edit): boolean {
  const typed = edit.test !== undefined && edit.test !== customer.test;
  return typed || Object.keys(changedFields(customer, edit)).length > 0;
}

/** The fields that became something else than both what they were and what they are to be. */
export function clashesOf(customer: Known, edit: Edit): Clash[] {
  return Object.entries(edit.fields).flatMap(([name, { from, to }]) => {
    const theirs = customer.fields[name] ?? '';
    return theirs !== from && theirs !== to.trim() ? [{ name, theirs }] : [];
  });
}

function without<T>(all: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
}

function change(id: string, how: (edit: Edit) => Edit): void {
  useEdits.setState(({ of }) => ({ of: { ...of, [id]: how(of[id] ?? noEdit) } }));
}

export function setField(customer: Known, name: string, to: string): void {
  change(customer.customerId, (edit) => {
    const from = edit.fields[name]?.from ?? customer.fields[name] ?? '';
    const others = without(edit.fields, name);
    const back = to === from && from === (customer.fields[name] ?? '');
    return { ...edit, problem: null, fields: back ? others : { ...others, [name]: { from, to } } };
  });
}

export function setTest(customer: Known, test: boolean): void {
  change(customer.customerId, (edit) => ({ ...edit, problem: null, test: test === customer.test ? undefined : test }));
}

/** Takes what the other wrote. */
export function takeTheirs(customer: Known, name: string): void {
  change(customer.customerId, (edit) => ({ ...edit, problem: null, fields: without(edit.fields, name) }));
}

/** Keeps the own value, knowing what the other wrote. */
export function keepMine(customer: Known, name: string): void {
  change(customer.customerId, (edit) => {
    const kept = edit.fields[name];
    if (!kept) return edit;
    return { ...edit, problem: null, fields: { ...edit.fields, [name]: { ...kept, from: customer.fields[name] ?? '' } } };
  });
}

/** Saving was tried with something still wrong. */
export function showWrong(id: string): void {
  change(id, (edit) => ({ ...edit, tried: true }));
}

export function forget(id: string): void {
  useEdits.setState(({ of }) => ({ of: without(of, id) }));
}

/**
 * Saves what differs, made from the revision that is shown. Whoever was first
 * wins: then the form is read again and the fields that clash are told. True if
 * it was saved.
 */
export async function saveEdit(customer: Customer): Promise<boolean> {
  const id = customer.customerId;
  const edit = useEdits.getState().of[id] ?? noEdit;
  const fields = changedFields(customer, edit);
  change(id, (e) => ({ ...e, saving: true, tried: true, problem: null }));
  try {
    await patchCustomer(id, customer.revision, fields, edit.test);
    change(id, (e) => saved(e, edit));
    return true;
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem.kind === 'conflict') await queryClient.refetchQueries({ queryKey: ['customer', id] });
    change(id, (e) => ({ ...e, saving: false, problem }));
    return false;
  }
}

/** What is left to save: what was typed while it was being saved. */
function saved(now: Edit, sent: Edit): Edit {
  const fields: Record<string, Change> = {};
  for (const [name, { to }] of Object.entries(now.fields)) {
    const went = sent.fields[name];
    if (went?.to !== to) fields[name] = { from: went?.to.trim() ?? now.fields[name]?.from ?? '', to };
  }
  return { ...noEdit, fields, test: now.test === sent.test ? undefined : now.test };
}
