import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, type FoundAnswer } from './assistant';
import type { Problem } from './problem';
import { queryClient } from './query';
import { get } from './rest';
import { list, object, words } from './wire';

/** A part of a text, which was looked for or not. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** An article that was found. */
export interface FoundArticle {
  articleId: string;
  title: Piece[];
  snippet: Piece[];
}

/** An article with the answers that may be given in the conversation. */
export interface ReadArticle {
  title: string;
  survey: boolean;
  answers: FoundAnswer[];
}

/** Articles while one types: what the beginning of a word may mean first, then by all their words. */
export function useKnowledgeSearch(typed: string, type: string, conversationId: string) {
  const [query] = useDebouncedValue(typed.trim(), 150);
  return useQuery<FoundArticle[], Problem>({
    queryKey: ['kb', query, type, conversationId],
    queryFn: async ({ signal }) => {
      const about = { q: query || undefined, type: type || undefined, conversation_id: conversationId || undefined };
      const [near, all] = await Promise.all([
        query ? get<unknown>('/api/v1/kb/suggest', { ...about, limit: 5 }, { signal }) : undefined,
        get<unknown>('/api/v1/kb/search', { ...about, limit: 20 }, { signal }),
      ]);
      return together(list(object(near).items, foundOf), list(object(all).items, foundOf));
    },
    placeholderData: keepPreviousData,
  }, queryClient);
}

/** What is meant by its beginning comes first, unless it is among those found by their words: these tell where. */
function together(near: FoundArticle[], all: FoundArticle[]): FoundArticle[] {
  const known = new Set(all.map((each) => each.articleId));
  return [...near.filter((each) => !known.has(each.articleId)), ...all];
}

function foundOf(told: unknown): FoundArticle {
  const t = object(told);
  return { articleId: words(t.article_id), title: pieces(t.title), snippet: pieces(t.snippet ?? t.question) };
}

function pieces(told: unknown): Piece[] {
  return list(told, (each) => ({ text: words(object(each).text), hit: object(each).hit === true }));
}

export function useReadArticle(id: string, conversationId: string) {
  return useQuery<ReadArticle, Problem>({
    queryKey: ['kb.article', id, conversationId],
    queryFn: async ({ signal }) => {
      const t = object(await get<unknown>(`/api/v1/kb/articles/${encodeURIComponent(id)}`, { conversation_id: conversationId || undefined }, { signal }));
      return { title: words(t.title) || words(t.identifier), survey: list(t.slot_ids, words).length > 0, answers: list(t.answers, answerOf) };
    },
  }, queryClient);
}

/** The types that articles are sorted by. */
export function useArticleTypes(): { id: string; name: string }[] {
  const { data } = useQuery({
    queryKey: ['article-types', 'names'],
    queryFn: async ({ signal }) => {
      const told = object(await get<unknown>('/api/v1/article-types', {}, { signal }));
      return list(told.items, (each) => ({ id: words(object(each).type_id), name: words(object(each).name) || words(object(each).identifier) }));
    },
    staleTime: 60_000,
  }, queryClient);
  return data ?? [];
}
