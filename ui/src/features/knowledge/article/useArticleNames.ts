import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { entryQuery, articles, type Article } from '../../../sync/knowledge';

/** What the articles are called that buttons lead to. */
export function useArticleNames(...shown: (Article | undefined)[]): (id: string) => string {
  const wanted = [...new Set(shown.flatMap((a) => a?.answers ?? []).flatMap((answer) => answer.buttons).map((b) => b.articleId).filter(Boolean))].sort();
  const found = useQueries({ queries: wanted.map((id) => entryQuery(articles, id)) });
  const told = JSON.stringify(found.map(({ data }, i) => [wanted[i], data?.value.identifier ?? '']));
  const names = useMemo(() => new Map(JSON.parse(told) as [string, string][]), [told]);
  return useCallback((id: string) => names.get(id) || id, [names]);
}
