import { useQuery } from '@tanstack/react-query';
import { get } from '../../sync/rest';
import { object, words } from '../../sync/wire';

/** What the server says of a conversation as a whole. Times are in milliseconds. */
export interface Summary {
  openedAt: number;
  closedAt: number;
  lasted?: number;
  waited?: number;
  firstAnswer?: number;
  closedBy: string;
  dissatisfied?: boolean;
  reviewed: boolean;
  reviewedBy: string;
}

const seconds = (told: unknown) => (typeof told === 'number' ? told * 1000 : undefined);

function summaryOf(told: unknown): Summary {
  const t = object(told);
  const timings = object(t.timings);
  const disposition = object(t.disposition);
  return {
    openedAt: Date.parse(words(t.opened_at)), closedAt: Date.parse(words(t.closed_at)) || 0,
    lasted: seconds(timings.close_seconds), waited: seconds(timings.wait_seconds), firstAnswer: seconds(timings.first_response_seconds),
    closedBy: words(disposition.closed_by), dissatisfied: typeof disposition.dissatisfied === 'boolean' ? disposition.dissatisfied : undefined,
    reviewed: words(t.reviewed_at) !== '', reviewedBy: words(t.reviewed_by),
  };
}

export const useSummary = (id: string): Summary | undefined =>
  useQuery({ queryKey: ['history', 'summary', id], queryFn: async ({ signal }) => summaryOf(await get(`/api/v1/conversations/${encodeURIComponent(id)}`, {}, { signal })) }).data;
