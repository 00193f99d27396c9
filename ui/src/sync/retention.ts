/** What is removed because its time is over: what the next night will do, and what the nights did. It is loaded with the page of settings. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from './rest';

/** What a rule removes of one center. */
export interface Planned {
  center_id: string;
  /** The rule; 0 is for ever. */
  days: number;
  conversations: number;
  messages: number;
  /** Due, but bound to their customers. */
  left: number;
  /** When the first of them ended. */
  first_at?: string;
}

export interface RetentionPlan {
  next_at: string;
  items: Planned[];
}

interface Removed {
  conversations: number;
  messages: number;
  files: number;
}

/** The certificate of a night: counts alone. */
export interface Night extends Removed {
  night_id: string;
  begun_at: string;
  /** Missing while it goes on, or was broken off. */
  ended_at?: string;
  left: number;
  centers: (Removed & { center_id: string; days: number })[];
}

const root = '/api/v1/retention';
/** A rule that is new may concern all there is. */
const patience = 60_000;

/** By the rules in force. It is of the settings: whoever changes them changes it. */
export const usePlan = () =>
  useQuery({ queryKey: ['settings', 'plan'], queryFn: ({ signal }) => get<RetentionPlan>(`${root}/plan`, undefined, { signal, patience }), refetchOnMount: 'always' });

/** By a rule that is not saved yet. It is looked for when days are given. */
export const useTried = (center: string, days: number | undefined) =>
  useQuery({
    queryKey: ['retention', 'tried', center, days],
    queryFn: ({ signal }) => get<RetentionPlan>(`${root}/plan`, { days, center_id: center || undefined }, { signal, patience }),
    enabled: days !== undefined,
    gcTime: 0,
  });

/** The latest first. */
export const useNights = (limit: number) =>
  useQuery({
    queryKey: ['retention', 'nights', limit],
    queryFn: async () => (await get<{ items: Night[] }>(`${root}/nights`, { limit })).items,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const useNight = (id: string) => useQuery({ queryKey: ['retention', 'night', id], queryFn: () => get<Night>(nightURL(id)) });

export const nightURL = (id: string) => `${root}/nights/${encodeURIComponent(id)}`;
