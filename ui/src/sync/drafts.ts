import { useCallback } from 'react';
import { create } from 'zustand';
import { serverNow } from './clock';
import { disk } from './disk';
import type { Attachment } from './model';
import { problemOf } from './problem';
import { del, get, put } from './rest';
import { attachmentOf, list, object, time, words, writeAttachment } from './wire';

export interface Draft {
  text: string;
  attachments: Attachment[];
}

/** A draft with its place. An empty one stays as a mark that it was emptied then. */
interface Kept extends Draft {
  user: string;
  conversationId: string;
  accountId: string;
  /** When it was changed, by the server's clock. */
  at: number;
}

const none: Draft = { text: '', attachments: [] };
/** The server gets a copy after so long without a change. */
const silence = 1_000;
/** How long the mark of an emptied draft is of use. */
const marksLast = 7 * 24 * 3600_000;

/** By conversation, then by account. */
const useStore = create<Record<string, Record<string, Kept>>>(() => ({}));

let user = '';
/** The server of this version keeps no drafts: they stay here, and nobody is troubled. */
let isLocal = false;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** The draft of a conversation in one channel, and the way to change it. */
export function useDraft(conversationId: string, accountId: string): [Draft, (draft: Draft) => void] {
  const draft = useStore((all) => all[conversationId]?.[accountId] ?? none);
  const set = useCallback((next: Draft) => setDraft(conversationId, accountId, next), [conversationId, accountId]);
  return [draft, set];
}

/** The text of the conversation's latest draft in any channel, for its row. */
export function useDraftText(conversationId: string): string {
  return useStore((all) => latest(all[conversationId])?.text ?? '');
}

function latest(drafts: Record<string, Kept> | undefined): Kept | undefined {
  const full = Object.values(drafts ?? {}).filter((each) => !isEmpty(each));
  return full.sort((a, b) => b.at - a.at)[0];
}

function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.attachments.length === 0;
}

/** Every change is kept at once: in memory, on disk, and at the server when the fingers rest. */
export function setDraft(conversationId: string, accountId: string, draft: Draft): void {
  const at = serverNow();
  const kept: Kept = { user, conversationId, accountId, text: draft.text, attachments: draft.attachments, at };
  show(kept);
  void disk().put('drafts', keyOf(kept), kept);
  clearTimeout(timers.get(conversationId));
  timers.set(conversationId, setTimeout(() => void copy(conversationId), silence));
}

function show(kept: Kept): void {
  useStore.setState((all) => ({
    [kept.conversationId]: { ...all[kept.conversationId], [kept.accountId]: kept },
  }));
}

function keyOf({ conversationId, accountId }: { conversationId: string; accountId: string }): string {
  return `${user}/${conversationId}/${accountId}`;
}

/** Brings the conversation's latest draft to the server, or takes it away there. */
async function copy(conversationId: string, keepalive = false): Promise<void> {
  clearTimeout(timers.get(conversationId));
  timers.delete(conversationId);
  if (isLocal || !user) return;
  const draft = latest(useStore.getState()[conversationId]);
  const path = `/api/v1/me/drafts/${encodeURIComponent(conversationId)}`;
  try {
    if (!draft) await del(path, { keepalive });
    else {
      const body = { account_id: draft.accountId, text: draft.text, attachments: draft.attachments.map(writeAttachment) };
      await put(path, body, { keepalive });
    }
  } catch (thrown) {
    refused(conversationId, thrown);
  }
}

/** What may pass is tried again; for the rest the disk has to do. */
function refused(conversationId: string, thrown: unknown): void {
  const problem = problemOf(thrown);
  if (problem.isPassing && user && !timers.has(conversationId)) {
    timers.set(conversationId, setTimeout(() => void copy(conversationId), 15 * silence));
  }
}

/** Takes up the drafts of a user, from the disk and from the server: the later one of each is right. */
export async function openDrafts(id: string): Promise<void> {
  closeDrafts();
  user = id;
  isLocal = false;
  addEventListener('pagehide', leave);
  const kept = await disk().all<Kept>('drafts');
  if (user !== id) return;
  for (const [key, draft] of kept) {
    if (draft.user !== id) continue;
    if (isEmpty(draft) && draft.at < serverNow() - marksLast) void disk().remove('drafts', key);
    else adopt(draft);
  }
  try {
    const told = await get<{ items?: unknown[] }>('/api/v1/me/drafts');
    if (user === id) list(told.items, fromServer).forEach(adopt);
  } catch (thrown) {
    if (problemOf(thrown).status === 404) isLocal = true;
  }
}

function fromServer(told: unknown): Kept {
  const draft = object(told);
  return {
    user, conversationId: words(draft.conversation_id), accountId: words(draft.account_id), text: words(draft.text),
    attachments: list(draft.attachments, attachmentOf), at: time(draft.at),
  };
}

/** What was typed here meanwhile is newer, and stays. */
function adopt(draft: Kept): void {
  const known = useStore.getState()[draft.conversationId]?.[draft.accountId];
  if (!known || known.at < draft.at) show(draft);
}

/** Brings to the server what it does not have yet. */
export async function flushDrafts(keepalive = false): Promise<void> {
  await Promise.all(Array.from(timers.keys(), (conversationId) => copy(conversationId, keepalive)));
}

/** The page goes, and its drafts leave with it. */
function leave(): void {
  void flushDrafts(true);
}

export function closeDrafts(): void {
  removeEventListener('pagehide', leave);
  timers.forEach((timer) => clearTimeout(timer));
  timers.clear();
  user = '';
  useStore.setState({}, true);
}
