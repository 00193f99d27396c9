/**
 * What the bot has learnt, as those see it who write the knowledge base. It is
 * loaded with the page that needs it.
 */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { get, post } from './rest';

export interface BotModel {
  model_id: string;
  language: string;
  at: string;
  seconds: number;
  size: number;
  precision: number;
  articles: number;
  examples: number;
  questions: number;
  lessons: number;
  verdict: string;
  in_use: boolean;
}

/** What became of a training; empty for none yet. */
export type BotResult = '' | 'used' | 'same' | 'worse' | 'little' | 'failed';

export interface BotLanguage {
  language: string;
  model?: BotModel;
  since?: string;
  by: string;
  /** Choices, labels and edits since, which it knows too. */
  fresh: number;
  last: { at?: string; result: BotResult; why: string };
}

export interface Bot {
  training?: { language: string; since: string };
  next: string;
  precision: number;
  languages: BotLanguage[];
}

export interface BotFigures {
  trials: number;
  top1: number;
  top3: number;
  top5: number;
  error: number;
  automatic: boolean;
  coverage: number;
  precision: number;
  missing: number;
  trials_without: number;
  none_recall: number;
}

export interface BotArticle {
  article_id: string;
  identifier: string;
  title: string;
  examples: number;
  few: boolean;
  trials: number;
  recall: number;
  precision: number;
}

export interface BotWeek {
  choices: number;
  offered: number;
  accepted: number;
  ranks: number[];
  edited: number;
  rejected: number;
}

export interface BotReport {
  model: BotModel;
  before?: BotModel;
  figures: BotFigures;
  earlier?: BotFigures;
  bins: { shown: number; right: number; count: number }[];
  curve: { examples: number; right: number }[];
  confused: { article_id: string; taken_for: string; count: number }[];
  week: BotWeek;
  articles: BotArticle[];
  unmet: { texts: string[]; conversations: number }[];
  conflicts: { text: string; articles: string[] }[];
}

export interface TriedMatch {
  article_id: string;
  identifier: string;
  title: string;
  probability: number;
  exact: boolean;
  rejected: number;
  nearest: { text: string; likeness: number }[];
  parts: { part: string; weight: number }[];
}

export interface TriedPhrase {
  language: string;
  model: string;
  no_article: number;
  sure: boolean;
  items: TriedMatch[];
}

const key = ['bot'];
const v1 = '/api/v1';

/** It changes by itself: quickly while it learns. */
const often = 1500;
const seldom = 30_000;

export const useBot = () =>
  useQuery({ queryKey: [...key, 'state'], queryFn: () => get<Bot>(`${v1}/bot`), refetchInterval: ({ state }) => (state.data?.training ? often : seldom) });

export const useBotModels = () =>
  useQuery({ queryKey: [...key, 'models'], queryFn: async () => (await get<{ items: BotModel[] }>(`${v1}/bot/models`)).items });

/** How well the bot knows a language; the one that it knows best, if none is named. */
export const useBotReport = (language: string, enabled = true) =>
  useQuery({ queryKey: [...key, 'report', language], queryFn: () => get<BotReport>(`${v1}/bot/report`, { language: language || undefined }), enabled });

/** Whether a bot answers customers at all: an agent that is switched on. */
export const useHasBot = () =>
  useQuery({
    queryKey: [...key, 'agents'],
    queryFn: async () => (await get<{ items: { kind: string; disabled: boolean }[] }>(`${v1}/agents`)).items.some((a) => a.kind === 'bot' && !a.disabled),
  }).data;

/** All that is shown of the bot is asked for anew. */
export const botChanged = () => queryClient.invalidateQueries({ queryKey: key });

export async function trainBot(): Promise<void> {
  await post(`${v1}/bot/train`);
  await botChanged();
}

export async function putModelToUse(id: string): Promise<void> {
  await post(`${v1}/bot/models/${encodeURIComponent(id)}/use`);
  await botChanged();
}

export const tryPhrase = (text: string, lineId = '', centerId = '', signal?: AbortSignal) =>
  post<TriedPhrase>(`${v1}/bot/try`, { text, ...(lineId ? { line_id: lineId, center_id: centerId } : {}) }, { signal });
