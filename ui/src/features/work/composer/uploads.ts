/**
 * Files on their way to the server. They live outside the composer, so that
 * an upload goes on while another dialog is open.
 */
import { create } from 'zustand';
import { newId, upload, type Attachment } from '../../../sync';
import { isPicture } from './files';

export interface Upload {
  id: string;
  file: File;
  /** To look at a picture before it is sent; empty for other files. */
  picture: string;
  /** From 0 to 1. */
  part: number;
  state: 'running' | 'failed' | 'done';
  problem?: unknown;
  attachment?: Attachment;
  stop: AbortController;
}

interface Store {
  byConversation: Record<string, Upload[]>;
}

const useStore = create<Store>(() => ({ byConversation: {} }));
const none: Upload[] = [];

export function useUploads(conversationId: string): Upload[] {
  return useStore((s) => s.byConversation[conversationId] ?? none);
}

export function startUpload(conversationId: string, file: File): void {
  const picture = isPicture(file) ? URL.createObjectURL(file) : '';
  const fresh: Upload = { id: newId(), file, picture, part: 0, state: 'running', stop: new AbortController() };
  change(conversationId, (all) => [...all, fresh]);
  void run(conversationId, fresh);
}

export function retryUpload(conversationId: string, id: string): void {
  const known = find(conversationId, id);
  if (!known) return;
  const again: Upload = { ...known, part: 0, state: 'running', problem: undefined, stop: new AbortController() };
  change(conversationId, (all) => all.map((u) => (u.id === id ? again : u)));
  void run(conversationId, again);
}

/** Ends an upload, or forgets one that has ended. */
export function dropUpload(conversationId: string, id: string): void {
  const known = find(conversationId, id);
  known?.stop.abort();
  if (known?.picture) URL.revokeObjectURL(known.picture);
  change(conversationId, (all) => all.filter((u) => u.id !== id));
}

async function run(conversationId: string, { id, file, stop }: Upload): Promise<void> {
  const set = (now: Partial<Upload>) => change(conversationId, (all) => all.map((u) => (u.id === id ? { ...u, ...now } : u)));
  try {
    const attachment = await upload(conversationId, file, (part) => set({ part }), stop.signal);
    set({ state: 'done', part: 1, attachment });
  } catch (problem) {
    if (!stop.signal.aborted) set({ state: 'failed', problem });
  }
}

function find(conversationId: string, id: string): Upload | undefined {
  return useStore.getState().byConversation[conversationId]?.find((u) => u.id === id);
}

function change(conversationId: string, to: (all: Upload[]) => Upload[]): void {
  useStore.setState(({ byConversation }) => {
    const { [conversationId]: before = none, ...others } = byConversation;
    const after = to(before);
    return { byConversation: after.length > 0 ? { ...others, [conversationId]: after } : others };
  });
}
