/** What is counted of finished conversations. It is loaded with the page that needs it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from './rest';

/** In both languages, as the server writes it. */
export interface Both {
  en: string;
  ru: string;
}

export interface Definition {
  id: string;
  name: Both;
  unit: 'conversations' | 'messages' | 'answers' | 'seconds' | 'points' | 'characters';
  average: boolean;
  formula: Both;
  edges: Both;
}

export interface Definitions {
  /** What holds for each. */
  everywhere: Both;
  items: Definition[];
}

export interface Figure {
  id: string;
  /** Of an average the mean; left out if it is of nothing. */
  value?: number;
  count: number;
  p50?: number;
  p90?: number;
  p99?: number;
}

/** A sector or a bar. */
export interface Bar {
  value: string;
  name: string;
  /** Of an account. */
  kind?: string;
  begins?: string;
  ends?: string;
  total: number;
  automatic: number;
  by_operators: number;
  unserved: number;
}

export type ChartName = 'time' | 'kinds' | 'accounts' | 'topics' | 'lines' | 'languages' | 'ratings' | 'handlings';

export interface Statistics {
  from: string;
  to: string;
  figures: Figure[];
  charts: Record<ChartName, Bar[]>;
}

export interface OperatorRow {
  operator_id: string;
  name: string;
  conversations: number;
  messages: number;
  pairs: number;
  close_time?: number;
  kept_time?: number;
  response_time?: number;
  message_length?: number;
}

export interface Rows<T> {
  items: T[];
  total: number;
}

/** Beside the chosen statuses, the time with at least one conversation. */
export const statuses = ['conversation', 'online', 'invisible', 'lunch', 'training', 'offline'] as const;
export type Status = (typeof statuses)[number];

/** Seconds in each status. */
export interface Times extends Record<Status, number> {
  operator_id: string;
  name: string;
}

export interface Presence extends Rows<Times> {
  /** Of all operators, not of the page alone. */
  sum: Times;
}

export interface Stay {
  status: Status;
  from: string;
  to: string;
}

const root = '/api/v1/statistics';
/** A million conversations are counted in moments; a server that has just begun reads them first. */
const patience = 30_000;

/** What is asked for is the text of a query: a value may be named there several times. */
export const useStatistics = (query: string) =>
  useQuery({
    queryKey: ['statistics', query],
    queryFn: ({ signal }) => get<Statistics>(`${root}?${query}`, undefined, { signal, patience }),
    placeholderData: keepPreviousData,
  });

export const useOperatorRows = (query: string) =>
  useQuery({
    queryKey: ['statistics', 'operators', query],
    queryFn: ({ signal }) => get<Rows<OperatorRow>>(`${root}/operators?${query}`, undefined, { signal, patience }),
    placeholderData: keepPreviousData,
  });

export const usePresence = (query: string) =>
  useQuery({
    queryKey: ['statistics', 'presence', query],
    queryFn: ({ signal }) => get<Presence>(`${root}/presence?${query}`, undefined, { signal, patience }),
    placeholderData: keepPreviousData,
  });

/** When one operator was in which status. */
export const useStays = (operator: string, query: string) =>
  useQuery({
    queryKey: ['statistics', 'stays', operator, query],
    queryFn: ({ signal }) => get<{ items: Stay[]; more: boolean }>(`${root}/presence/${encodeURIComponent(operator)}?${query}`, undefined, { signal, patience }),
  });

export const useDefinitions = () =>
  useQuery({ queryKey: ['statistics', 'definitions'], queryFn: () => get<Definitions>(`${root}/definitions`), staleTime: Infinity });

/** Where a table is downloaded, as a spreadsheet in the language opens it. */
export function tableURL(table: 'figures' | 'operators' | 'presence', query: string, lang: string): string {
  return `${root}/${table}.csv?${query}&lang=${lang}${lang === 'ru' ? '&separator=semicolon' : ''}`;
}
