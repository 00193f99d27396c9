import { useCallback, useRef } from 'react';
import { useConversations } from '../../sync';

/** Says of a conversation whether its customer waits for an answer. */
export function useWaiting(): (id: string) => boolean {
  const all = useRef(new Map<string, boolean>());
  all.current = new Map(useConversations().map((c) => [c.id, c.unanswered > 0]));
  return useCallback((id) => all.current.get(id) === true, []);
}
