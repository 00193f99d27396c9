import { useQueries } from '@tanstack/react-query';
import { useSession, useWorkplace } from '../../sync';
import { articles, entryQuery } from '../../sync/knowledge';

/** People as others call them. */
export function useNames() {
  const { operators } = useWorkplace();
  const { user } = useSession();
  const own = user && ([user.firstName, user.lastName].filter(Boolean).join(' ') || user.login);
  return { operator: (id: string) => (user?.userId === id ? own : operators.find((o) => o.userId === id)?.name) ?? id };
}

/** Articles by their ids; one that is gone is called by its id. */
export function useArticleTitles(ids: readonly string[]): (id: string) => string {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  const found = useQueries({ queries: wanted.map((id) => ({ ...entryQuery(articles, id), staleTime: 60_000 })) });
  const titles = new Map(found.map(({ data }, i) => [wanted[i], data?.value.title || data?.value.identifier]));
  return (id) => titles.get(id) ?? id;
}
