/** What customers answered in surveys. It is loaded with the page that needs it. */
import { useQuery } from '@tanstack/react-query';
import { get, queryOf } from './rest';

export type SurveyOutcome = 'completed' | 'abandoned' | 'cancelled' | 'replaced';

export interface SurveyAnswer {
  slot: string;
  name: string;
  value: string;
  caption: string;
  inferred: boolean;
  confirmed: boolean;
  mistakes: number;
}

export interface SurveyResult {
  conversation_id: string;
  survey_id: string;
  article_id: string;
  title: string;
  outcome: SurveyOutcome;
  operator_id: string;
  agent_id: string;
  test: boolean;
  begun_at: string;
  ended_at: string;
  answers: SurveyAnswer[];
}

export interface SurveyQuery {
  articleId: string;
  /** Moments, as RFC 3339 writes them; empty for none. */
  from: string;
  until: string;
}

interface Page {
  items: SurveyResult[];
  next?: string;
}

/** So many are shown one by one: the latest. */
export const mostSurveys = 200;

const told = ({ articleId, from, until }: SurveyQuery) => ({ article_id: articleId || undefined, from: from || undefined, until: until || undefined });

export const useSurveys = (q: SurveyQuery) =>
  useQuery({ queryKey: ['surveys', q], queryFn: () => get<Page>('/api/v1/surveys', { ...told(q), limit: mostSurveys }) });

/** What customers answered to one question of one survey. */
export interface SurveyQuestion {
  article_id: string;
  slot: string;
  name: string;
  count: number;
  /** The most frequent first. */
  answers: { said: string; count: number }[];
  others: number;
}

export interface SurveySummary {
  /** How many were counted. */
  surveys: number;
  /** Those that ended before then were too many to count. */
  since?: string;
  articles: { article_id: string; title: string; surveys: number }[];
  questions: SurveyQuestion[];
}

export const useSurveySummary = (q: SurveyQuery) =>
  useQuery({ queryKey: ['surveys', 'summary', q], queryFn: () => get<SurveySummary>('/api/v1/surveys/summary', told(q)) });

export const surveysURL = (q: SurveyQuery) => `/api/v1/surveys/export${queryOf({ ...told(q), separator: 'semicolon' })}`;
