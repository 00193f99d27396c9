/** The settings of the whole organisation and of each center, as administrators see them. */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { get, put } from './rest';
import { refreshWorkplace } from './workplace';

/** What is on or off. */
export type Option = 'auto_capital' | 'spell_check' | 'forbid_errors' | 'notify_assign' | 'ask_dissatisfied' | 'affinity';

export type Options = Partial<Record<Option, boolean>>;

/** What a place says itself, what holds there, and much that other pages show. */
export interface PlaceSettings extends Options {
  /** Empty for the whole organisation. */
  center_id: string;
  in_force: Options;
  revision: number;
  by: string;
  at: string;
  [other: string]: unknown;
}

export interface AllSettings {
  places: PlaceSettings[];
  centers: { center_id: string; name: string }[];
}

interface List<T> {
  items: T[];
}

const key = ['settings'];

async function read(): Promise<AllSettings> {
  const [all, centers] = await Promise.all([
    get<List<PlaceSettings>>('/api/v1/settings'),
    get<List<{ center_id: string; name?: string }>>('/api/v1/centers'),
  ]);
  return { places: all.items, centers: centers.items.map((c) => ({ center_id: c.center_id, name: c.name || c.center_id })) };
}

export const useAllSettings = () => useQuery({ queryKey: key, queryFn: read });

/** Says one thing in its place, or takes back what was said; all else stays as it was seen. */
export async function putOption(place: PlaceSettings, option: Option, value: boolean | undefined): Promise<void> {
  const { center_id, in_force: _, by: __, at: ___, ...said } = place;
  try {
    await put(`/api/v1/settings/${encodeURIComponent(center_id || 'default')}`, { ...said, [option]: value });
  } finally {
    await queryClient.invalidateQueries({ queryKey: key });
  }
  refreshWorkplace();
}
