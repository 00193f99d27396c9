/** Files that the server did not give out when somebody wanted them: one with a virus, and one that nobody can look at now. */
import { create } from 'zustand';
import { isHeldBack, type Wrong } from '../../../kit';
import type { Attachment } from '../../../sync';

export interface Reason {
  why: Wrong;
  /** Somebody has pressed it, and it has the focus. */
  pressed: boolean;
}

/** By the files' hashes: the same bytes are the same file. */
export const useHeldBack = create<{ of: Record<string, Reason | undefined> }>(() => ({ of: {} }));

export function learn({ blob }: Attachment, why: Wrong | undefined, pressed: boolean): void {
  useHeldBack.setState(({ of }) => ({ of: { ...of, [blob]: why && { why, pressed } } }));
}

/** ask says whether a file is given out, and keeps why if it is not. A way to another host is a yes; what else goes wrong is not the file's. */
export async function ask(file: Attachment, url: string, pressed: boolean): Promise<boolean> {
  const answer = await fetch(url, { headers: { Range: 'bytes=0-0' }, redirect: 'manual' }).catch(() => null);
  const told: unknown = answer && answer.status >= 400 ? await answer.json().catch(() => null) : null;
  const held = isHeldBack(told) ? told : undefined;
  learn(file, held, pressed);
  return !held;
}

/** save downloads a file that is given out. */
export async function save(file: Attachment, url: string): Promise<void> {
  if (!(await ask(file, url, true))) return;
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
}
