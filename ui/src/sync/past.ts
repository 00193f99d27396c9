import { useQuery } from '@tanstack/react-query';
import type { Conversation } from './model';
import { apply, blank } from './fold';
import type { Problem } from './problem';
import { queryClient } from './query';
import { get } from './rest';
import { factOf, type Entry } from './wire';

interface Page {
  items: { version: number; fact: unknown }[];
  next: number;
}

/** A conversation read over REST, by the same fold as the live ones. */
export function usePastConversation(id: string): { conversation?: Conversation; error?: Problem; loading: boolean } {
  const query = useQuery<Conversation, Problem>({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => readConversation(id, signal),
    enabled: id !== '',
  }, queryClient);
  return { conversation: query.data, error: query.error ?? undefined, loading: query.isPending && id !== '' };
}

/** What a conversation was after these of its events. */
export const foldOf = (id: string, entries: readonly Entry[]): Conversation => entries.reduce(apply, blank(id));

export async function readConversation(id: string, signal?: AbortSignal): Promise<Conversation> {
  return foldOf(id, await readEvents(id, signal));
}

/** Reads every page of a conversation's events. */
export async function readEvents(id: string, signal?: AbortSignal): Promise<Entry[]> {
  const all: Entry[] = [];
  let after = 0;
  do {
    const page = await get<Page>(`/api/v1/conversations/${encodeURIComponent(id)}/events`, { after }, { signal });
    all.push(...page.items.map(({ version, fact }) => ({ stream: `conversation/${id}`, version, fact: factOf(fact) })));
    after = page.next;
  } while (after > 0);
  return all;
}
