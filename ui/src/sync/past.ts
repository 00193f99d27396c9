import { useQuery } from '@tanstack/react-query';
import type { Conversation } from './model';
import { apply, blank } from './fold';
import type { Problem } from './problem';
import { queryClient } from './query';
import { get } from './rest';
import { factOf } from './wire';

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

/** Reads every page of a conversation's events. */
export async function readConversation(id: string, signal?: AbortSignal): Promise<Conversation> {
  let conversation = blank(id);
  let after = 0;
  do {
    const page = await get<Page>(`/api/v1/conversations/${encodeURIComponent(id)}/events`, { after }, { signal });
    for (const { version, fact } of page.items) {
      conversation = apply(conversation, { stream: `conversation/${id}`, version, fact: factOf(fact) });
    }
    after = page.next;
  } while (after > 0);
  return conversation;
}
