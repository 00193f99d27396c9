/** Where one is on the bot's page: all of it is in the address. */

export const tabs = ['state', 'quality', 'improve', 'try'] as const;
export type Tab = (typeof tabs)[number];

export interface Place {
  tab: Tab;
  /** Empty for the language that the bot knows best. */
  language: string;
}

const root = '/bot';

export function placeOf(path: string, query: string): Place {
  const tab = path.split('/')[2];
  return { tab: tabs.find((t) => t === tab) ?? 'state', language: new URLSearchParams(query).get('language') ?? '' };
}

export function addressOf({ tab, language }: Place): string {
  return `${root}${tab === 'state' ? '' : `/${tab}`}${language && `?language=${encodeURIComponent(language)}`}`;
}

/** A new article that begins with these questions. */
export const newArticleWith = (questions: readonly string[]) =>
  `/knowledge/articles/new?${new URLSearchParams(questions.map((q) => ['question', q])).toString()}`;

export const articleAt = (id: string) => `/knowledge/articles/${encodeURIComponent(id)}`;
