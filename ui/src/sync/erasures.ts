/** Making a person unreadable, for administrators. It is loaded with the part that needs it. */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { get, post } from './rest';

/** The certificate of an erasure. */
export interface Erasure {
  begun_at: string;
  /** Missing while it is under way, and if it was broken off. */
  erased_at?: string;
  by: string;
  customer_ids: string[];
  conversation_ids: string[];
  facts: number;
  files: number;
  bytes: number;
  account_ids: string[];
  agent_ids: string[];
}

const path = (id: string) => `/api/v1/customers/${encodeURIComponent(id)}/erasures`;

export const useErasures = (id: string) =>
  useQuery({ queryKey: ['erasures', id], queryFn: ({ signal }) => get<{ items: Erasure[] }>(path(id), {}, { signal }) }, queryClient);

/** There is no way back. What is shown of the customer is read anew. */
export async function erase(id: string): Promise<void> {
  await post(path(id), { customer_id: id }, { patience: 120_000 });
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'workplace' });
}
