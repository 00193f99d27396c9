/** What a tab's page is told, signed by the server, and the key of that. */
import { useQuery } from '@tanstack/react-query';
import { get } from './rest';

/** Asked for anew by each look, and never by itself: the page would begin again. */
export const useTabContext = (conversationId: string, tabId: string) =>
  useQuery({
    queryKey: ['tab', conversationId, tabId], gcTime: 0, staleTime: Infinity, refetchOnReconnect: false, refetchOnWindowFocus: false,
    queryFn: () => get<{ context: string }>(`/api/v1/conversations/${encodeURIComponent(conversationId)}/tabs/${encodeURIComponent(tabId)}/context`),
  });

/** Of a center, or of the whole organisation by «default»; also of a turn that is not kept yet. */
export const tabKey = async (owner: string, tabId: string, turn: number) =>
  (await get<{ key: string }>(`/api/v1/settings/${encodeURIComponent(owner)}/tabs/${encodeURIComponent(tabId)}/key`, { turn })).key;
