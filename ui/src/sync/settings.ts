/** The settings of the whole organisation and of each center, as administrators see them. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { get, patch, post } from './rest';
import { refreshWorkplace } from './workplace';

export type SettingKind =
  | 'switch' | 'duration' | 'number' | 'text' | 'address' | 'lines' | 'choice' | 'several' | 'clock' | 'marks' | 'silence' | 'fields' | 'other';

/** One setting: what it may be, what holds, and whose word that is. */
export interface Setting {
  /** The path of its field. */
  id: string;
  /** The part that a center has whole or not at all. */
  whole?: string;
  group: string;
  kind: SettingKind;
  unit?: string;
  /** Seconds of a duration, a number itself, characters of a text or of a line. */
  min: number;
  max: number;
  most?: number;
  choices?: string[];
  holds?: string[];
  /** 0 stands for never, or for ever. */
  never?: boolean;
  everywhere?: boolean;
  takes: 'now' | 'opened' | 'night';
  page?: string;
  value: unknown;
  own: boolean;
  from: 'default' | 'organisation' | 'center';
  above: unknown;
  default: unknown;
  /** Centers that have a word of their own. */
  except?: string[];
}

export interface SettingsForm {
  /** Empty for the whole organisation. */
  center_id: string;
  settings: Setting[];
  /** How many conversations are open now, by center. */
  open: Record<string, number>;
  revision: number;
  by: string;
  at: string;
}

export interface SettingDifference {
  id: string;
  before: unknown;
  after: unknown;
}

export interface SettingsChange {
  revision: number;
  at: string;
  by: string;
  name: string;
  differences: SettingDifference[];
}

export interface Place {
  center_id: string;
  name: string;
}

const key = ['settings'];
const place = (center: string) => `/api/v1/settings/${encodeURIComponent(center || 'default')}`;

/** The centers that may have settings of their own. */
export const useCenters = () =>
  useQuery({
    queryKey: [...key, 'centers'],
    queryFn: async (): Promise<Place[]> => (await get<{ items: Partial<Place>[] }>('/api/v1/centers')).items.map(({ center_id = '', name }) => ({ center_id, name: name || center_id })),
  });

/** The form is asked for again now and then: how many conversations are open changes by itself. */
export const useSettingsForm = (center: string) =>
  useQuery({ queryKey: [...key, 'form', center], queryFn: () => get<SettingsForm>(`${place(center)}/form`), refetchInterval: 20_000 });

/** Says some things in a place and takes others back; all else stays. */
export async function changeSettings(center: string, revision: number, set: Record<string, unknown>, unset: string[]): Promise<SettingsForm> {
  return after(patch<SettingsForm>(place(center), { set, unset, revision }));
}

/** Takes one change back. */
export const undoChange = (center: string, change: number, revision: number): Promise<SettingsForm> =>
  after(post<SettingsForm>(`${place(center)}/changes/${change}/undo`, { revision }));

async function after(change: Promise<SettingsForm>): Promise<SettingsForm> {
  try {
    const form = await change;
    queryClient.setQueryData([...key, 'form', form.center_id], form);
    return form;
  } finally {
    void queryClient.invalidateQueries({ queryKey: key });
    refreshWorkplace();
  }
}

interface Page {
  items: SettingsChange[];
  next: number;
}

/** Who changed what, the latest first. */
export const useSettingsChanges = (center: string) =>
  useInfiniteQuery({
    queryKey: [...key, 'changes', center],
    queryFn: ({ pageParam }) => get<Page>(`${place(center)}/changes`, { before: pageParam || undefined }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });

/** What whoever takes the alerts of a place checks their signatures with. */
export async function alertSecret(center: string): Promise<string> {
  return (await get<{ secret: string }>(`${place(center)}/secret`)).secret;
}
