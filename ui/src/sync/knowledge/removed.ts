import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../rest';

/** An article that was deleted, as it was last of all. */
export interface RemovedArticle {
  articleId: string;
  identifier: string;
  title: string;
  /** At which it can be brought back. */
  revision: number;
  removed: string;
  by: string;
}

interface Row {
  article_id: string;
  identifier: string;
  title: string;
  revision: number;
  removed: string;
  by: string;
}

const atOnce = 50;

/** The deleted articles, the last deleted first, a page at a time. */
export const useRemoved = () =>
  useInfiniteQuery({
    queryKey: ['knowledge', 'removed'],
    queryFn: async ({ pageParam }) => {
      const { items, total } = await get<{ items: Row[]; total: number }>('/api/v1/knowledge/removed', { limit: atOnce, offset: pageParam });
      return { items: items.map(({ article_id, ...one }): RemovedArticle => ({ articleId: article_id, ...one })), total };
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.items.length, 0);
      return seen < last.total && last.items.length > 0 ? seen : undefined;
    },
    staleTime: 0,
  });
