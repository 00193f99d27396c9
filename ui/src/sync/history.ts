/**
 * The history: finished conversations, found by what was said in them and by
 * what is known of them. It is loaded with the page that needs it.
 */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { readEvents } from './past';
import { get, queryOf, type Query } from './rest';

/** By what several values can be looked for at once; an empty one stands for conversations that have none. */
export const lists = ['operator', 'kind', 'account', 'topic', 'line', 'language', 'handled', 'rating'] as const;
export type List = (typeof lists)[number];

/** What is looked for; an empty text or list asks for no certain one. Moments are written as RFC 3339 does. */
export interface HistoryQuery extends Record<List, readonly string[]> {
  text: string;
  customer: string;
  from: string;
  to: string;
  /** Which of its times lies in the period. */
  by: string;
  status: string;
  /** Whether statistics count it: yes or no. */
  counted: string;
  /** Of statistics: only what it is made of. */
  figure: string;
}

/** A part of what was said, which was looked for or not. */
export interface Piece {
  text: string;
  hit: boolean;
}

export interface Found {
  conversation_id: string;
  customer_id: string;
  customer_name: string;
  account_id: string;
  kind: string;
  center_id: string;
  /** Who kept it or wrote in it. */
  operators: string[];
  topic_id: string;
  rating: number;
  handled: 'automatic' | 'by_operators' | 'unserved';
  status: 'finished' | 'reviewed';
  test: boolean;
  opened_at: string;
  closed_at: string;
  cause: string;
  fragment: Piece[];
  /** Its words were removed, as their time was over. */
  forgotten?: { at: string; days: number; messages: number; files: number };
}

interface Page {
  items: Found[];
  next: string;
}

export interface Day {
  date: string;
  count: number;
}

const root = '/api/v1/history';
const told = (q: HistoryQuery): Query => Object.fromEntries(Object.entries(q).map(([name, value]) => [name, value === '' ? undefined : value]));

/** The time zone in which days begin: the asker's. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How many were found on each day of their beginning, the latest first. */
export const useDays = (q: HistoryQuery) =>
  useQuery({ queryKey: ['history', 'days', q], queryFn: ({ signal }) => get<{ days: Day[]; total: number }>(`${root}/days`, { ...told(q), zone: zone() }, { signal }) });

/** Those that were found and began on a day, the latest first, page by page. */
export const useFound = (q: HistoryQuery, day: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ['history', 'found', q, day],
    queryFn: ({ pageParam, signal }) => get<Page>(root, { ...told(q), date: day, zone: zone(), after: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    enabled,
  });

/** Where everything that was found is handed out, as a text file. */
export function exportAddress(q: HistoryQuery, lang: string): string {
  return `${root}/export${queryOf({ ...told(q), lang, zone: zone() })}`;
}

/** Where one conversation is. */
export const textAddress = (id: string, lang: string) => `/api/v1/conversations/${encodeURIComponent(id)}/text?lang=${lang}&zone=${encodeURIComponent(zone())}`;

/** Everything that happened in a conversation, to be folded as far as one likes. */
export const useEvents = (id: string) =>
  useQuery({ queryKey: ['history', 'events', id], queryFn: ({ signal }) => readEvents(id, signal), enabled: id !== '' });

/** A conversation as it stood at some time. */
export interface Moment {
  at: string;
  version: number;
  phase: 'automatic' | 'waiting' | 'served' | 'closed';
  handler: '' | 'agent' | 'queue' | 'operator';
  handler_id: string;
  since?: string;
  topic_id: string;
  timers: { name: string; due: string }[];
  place?: { line_id: string; place: number; of: number };
  suggested?: { message_id: string; shown: string[]; chosen: string; rank: number; probability: number; rejected: string[] };
}

export const useMoment = (id: string, at: number | undefined) =>
  useQuery({
    queryKey: ['history', 'moment', id, at],
    queryFn: ({ signal }) => get<Moment>(`/api/v1/conversations/${encodeURIComponent(id)}/moment`, { at: new Date(at ?? 0).toISOString() }, { signal }),
    enabled: at !== undefined,
    placeholderData: (before) => before,
    staleTime: Infinity,
  });
