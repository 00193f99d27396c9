import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { newId } from '../id';
import { queryClient } from '../query';
import { del, get, post, put, type Query } from '../rest';
import type { Article, ArticleRow, ArticleType, Kept, Slot } from './model';
import { articleOf, keptOf, rowOf, slotOf, told, toldSlot, typeOf } from './wire';

const key = ['knowledge'];
const v1 = '/api/v1';

interface List {
  items: unknown[];
  total?: number;
}

/** A page of articles, as the table asks for it. */
export interface ArticleQuery {
  query: string;
  sort: string;
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

export interface ArticlePage {
  items: Kept<ArticleRow>[];
  total: number;
}

export async function readArticles(wanted: ArticleQuery): Promise<ArticlePage> {
  const { items, total = items.length } = await get<List>(`${v1}/articles`, { ...wanted, query: wanted.query || undefined } satisfies Query);
  return { items: items.map((one) => keptOf(one, rowOf)), total };
}

/** The page that was shown stays while the next one is on its way. */
export const useArticles = (wanted: ArticleQuery) =>
  useQuery({ queryKey: [...key, 'articles', wanted], queryFn: () => readArticles(wanted), placeholderData: keepPreviousData });

const all = <T>(name: string, read: (one: unknown) => T) => async () =>
  (await get<List>(`${v1}/${name}`)).items.map((one) => keptOf(one, read));

export const useSlots = () => useQuery({ queryKey: [...key, 'slots'], queryFn: all('slots', slotOf) });
export const useArticleTypes = () => useQuery({ queryKey: [...key, 'article-types'], queryFn: all('article-types', typeOf) });

/** What can be done with one entry of a kind. */
export interface Entries<T> {
  name: string;
  get(id: string): Promise<Kept<T>>;
  /** Keeps it whole. Without a revision it must be new. */
  put(id: string, value: T, revision?: number): Promise<Kept<T>>;
  remove(id: string): Promise<void>;
  /** Brings back what was removed a moment ago. */
  bringBack(id: string, before: Kept<T>): Promise<void>;
}

/** What is kept of a kind: `write` says it without its id. */
function entries<T>(name: string, read: (told: unknown) => T, write: (value: T) => object): Entries<T> {
  const path = (id: string) => `${v1}/${name}/${encodeURIComponent(id)}`;
  const keep = async (id: string, value: T, revision?: number) => {
    const kept = keptOf(await put(path(id), { ...write(value), revision }), read);
    queryClient.setQueryData([...key, name, id], kept);
    void changed();
    return kept;
  };
  return {
    name,
    get: async (id) => keptOf(await get(path(id)), read),
    put: keep,
    remove: async (id) => {
      await del(path(id));
      // What is gone is not asked for again.
      void queryClient.invalidateQueries({ queryKey: key, predicate: ({ queryKey }) => queryKey[2] !== id });
    },
    bringBack: async (id, before) => void (await keep(id, before.value)),
  };
}

const slotFields = (slot: Slot) => ({ ...toldSlot({ ...slot, slotId: '' }), identifier: slot.identifier });
export const slots = entries<Slot>('slots', slotOf, slotFields);
export const articleTypes = entries<ArticleType>('article-types', typeOf, ({ identifier, name }) => ({ identifier, name }));
export const articles: Entries<Article> = {
  ...entries<Article>('articles', articleOf, (article) => ({ ...(told({ ...article, articleId: '' }) as object), identifier: article.identifier })),
  bringBack: async (id, before) => void (await restoreArticle(id, before.revision)),
};

/** One entry; none for an empty id. */
export const entryQuery = <T>(kind: Entries<T>, id: string) => ({
  queryKey: [...key, kind.name, id], queryFn: () => kind.get(id), enabled: id !== '', staleTime: 0,
});

export const useEntry = <T>(kind: Entries<T>, id: string) => useQuery(entryQuery(kind, id));

/** Everything that is shown of the knowledge base is asked for anew. */
export const changed = () => queryClient.invalidateQueries({ queryKey: key });

/** Who made which version of an article when. The newest comes first. */
export interface VersionMark {
  revision: number;
  by: string;
  at: string;
  /** import, restore:REVISION, or empty. */
  origin: string;
  /** The article was removed then. */
  removed: boolean;
}

const unmarked: VersionMark = { revision: 0, by: '', at: '', origin: '', removed: false };
const versionsOf = (id: string) => `${v1}/articles/${encodeURIComponent(id)}/versions`;

export const useVersions = (id: string) =>
  useQuery({
    queryKey: [...key, 'articles', id, 'versions'],
    queryFn: async () => {
      const { items } = await get<List>(versionsOf(id));
      return items.map((one) => ({ ...unmarked, ...(one as Partial<VersionMark>) })).sort((a, b) => b.revision - a.revision);
    },
    enabled: id !== '',
    staleTime: 0,
  });

/** What an article was in one of its versions: it never changes. */
export const useVersion = (id: string, revision: number) =>
  useQuery({
    queryKey: [...key, 'version', id, revision],
    queryFn: async () => articleOf(await get(`${versionsOf(id)}/${revision}`)),
    enabled: revision > 0,
    staleTime: Infinity,
  });

/** An article is again what it was. Who names the revision they saw replaces no other. */
export async function restoreArticle(id: string, revision: number, seen?: number): Promise<Kept<Article>> {
  const kept = keptOf(await post(`${v1}/articles/${encodeURIComponent(id)}/restore`, { revision }, { ifMatch: seen }), articleOf);
  queryClient.setQueryData([...key, 'articles', id], kept);
  void changed();
  return kept;
}

/** Makes a topic on the spot, and answers with its id once it can be chosen. */
export async function addTopic(name: string, parentId: string): Promise<string> {
  const id = newId();
  await put(`${v1}/topics/${id}`, told({ name, parentId }));
  await queryClient.invalidateQueries({ queryKey: ['workplace'] });
  return id;
}

/** What a slot makes of a text. */
export interface Tried {
  ok: boolean;
  value: string;
  caption: string;
}

export const trySlot = async (slot: Slot, text: string, signal?: AbortSignal): Promise<Tried> =>
  ({ ok: false, value: '', caption: '', ...(await post<Partial<Tried>>(`${v1}/knowledge/try-slot`, { slot: slotFields(slot), text }, { signal })) });
