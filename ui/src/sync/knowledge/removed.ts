import { useInfiniteQuery } from '@tanstack/react-query';
import { get, post } from '../rest';
import { changed } from './acts';

/** A record that was deleted, as it was last of all. */
export interface Removed {
  kind: 'articles' | 'slots' | 'article-types';
  id: string;
  identifier: string;
  title: string;
  /** At which it can be brought back. */
  revision: number;
  removed: string;
  by: string;
}

const atOnce = 50;

/** What was deleted, the last first, a page at a time. */
export const useRemoved = () =>
  useInfiniteQuery({
    queryKey: ['knowledge', 'removed'],
    queryFn: ({ pageParam }) => get<{ items: Removed[]; total: number }>('/api/v1/knowledge/removed', { limit: atOnce, offset: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.items.length, 0);
      return seen < last.total && last.items.length > 0 ? seen : undefined;
    },
    staleTime: 0,
  });

/** It is again what it was last. */
export async function bringBack({ kind, id, revision }: Removed): Promise<void> {
  await post(`/api/v1/${kind}/${encodeURIComponent(id)}/restore`, { revision });
  void changed();
}
