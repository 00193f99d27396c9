import { useQueries } from '@tanstack/react-query';
import { articles, entryQuery } from '../../sync/knowledge';

/** Articles by their ids; one that is gone is called by its id. */
export function useArticleTitles(ids: readonly string[]): (id: string) => string {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  const found = useQueries({ queries: wanted.map((id) => ({ ...entryQuery(articles, id), staleTime: 60_000 })) });
  const titles = new Map(found.map(({ data }, i) => [wanted[i], data?.value.title || data?.value.identifier]));
  return (id) => titles.get(id) ?? id;
}
