/** The accounts with providers, as administrators see them. */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { del, get, post, put } from './rest';

/** One thing that is entered for an account. */
export interface KindField {
  name: string;
  title: string;
  hint?: string;
  kind: 'text' | 'lines' | 'secret' | 'url' | 'number' | 'bool' | 'choice';
  required: boolean;
  default?: string;
  /** An empty text says something of its own, and is not the default. */
  empty?: boolean;
  choices?: { value: string; title: string }[];
  advanced: boolean;
}

export interface Kind {
  kind: string;
  name: string;
  fields: KindField[];
}

export type AccountState = 'off' | 'broken' | 'polling' | 'webhook' | 'working';

/** How an account is, since the server's start. */
export interface Condition {
  account_id: string;
  state: AccountState;
  last_in?: string;
  last_out?: string;
  error?: string;
  error_at?: string;
  waiting: number;
  strange: Record<string, number>;
  webhook?: string;
  enter?: { title: string; value: string }[];
}

/** An account as the server shows it: what is secret is not among it. */
export interface ChannelAccount {
  account_id: string;
  kind: string;
  name: string;
  center_id: string;
  routing?: unknown;
  settings?: Record<string, unknown>;
  disabled: boolean;
  revision: number;
}

/** What was made with an account, and is told this once. */
export interface Made {
  /** What a third party opens our door with. */
  key?: string;
  /** What our messages to it are signed with. */
  signing?: string;
}

export type Entered = Record<string, unknown>;

/** What is put: secrets that are left out stay as they are. */
export interface AccountWish {
  kind: string;
  name: string;
  center_id: string;
  routing?: unknown;
  settings: Entered;
  secrets?: Entered;
  disabled: boolean;
  revision?: number;
}

export interface Probed {
  ok: boolean;
  name?: string;
  handle?: string;
  url?: string;
  error?: string;
}

interface List<T> {
  items: T[];
}

const key = ['channels'];
/** Conditions change by themselves. */
const every = 5000;

export interface Channels {
  accounts: ChannelAccount[];
  kinds: Kind[];
  conditions: Condition[];
  places: { center: string; line: string; name: string }[];
}

async function read(): Promise<Channels> {
  const [accounts, kinds, conditions, lines] = await Promise.all([
    get<List<ChannelAccount>>('/api/v1/accounts'),
    get<List<Kind>>('/api/v1/kinds'),
    get<List<Condition>>('/api/v1/conditions'),
    get<List<{ line_id: string; name: string; center_id: string }>>('/api/v1/lines'),
  ]);
  const places = lines.items.map((l) => ({ center: l.center_id, line: l.line_id, name: l.name || l.line_id }));
  return { accounts: accounts.items, kinds: kinds.items, conditions: conditions.items, places };
}

export const useChannels = () => useQuery({ queryKey: key, queryFn: read, refetchInterval: every });

const one = (id: string) => `/api/v1/accounts/${encodeURIComponent(id)}`;

export const useChannelHealth = (id: string) =>
  useQuery({ queryKey: [...key, id], queryFn: () => get<Condition>(`${one(id)}/health`), enabled: id !== '' });

/** Makes one more key, which is told this once. The one before it works on. */
export async function newKey(id: string): Promise<string> {
  const made = await post<{ key: string }>(`${one(id)}/key`);
  await queryClient.invalidateQueries({ queryKey: key });
  return made.key;
}

export async function putAccount(id: string, wish: AccountWish): Promise<ChannelAccount & Made> {
  const kept = await put<ChannelAccount & Made>(one(id), wish);
  await queryClient.invalidateQueries({ queryKey: key });
  return kept;
}

/** What a page would be told of a widget with these settings. */
export const previewWidget = async (settings: Entered): Promise<object> => (await post<{ config: object }>('/api/v1/widget/preview', { settings })).config;

export const testAccount = (id: string) => post<Probed>(`${one(id)}/test`);

/** A message that came and that nobody understood: it waits as it is. */
export interface StrangeUpdate {
  error_id: string;
  at: string;
  account_id: string;
  size: number;
  /** Of what kind it is; empty for what was understood and could not be processed. */
  raw?: string;
}

const noUpdates: StrangeUpdate[] = [];

export function useStrangeUpdates(account: string): StrangeUpdate[] {
  const { data } = useQuery({ queryKey: [...key, 'errors'], queryFn: () => get<List<StrangeUpdate>>('/api/v1/errors') });
  return data?.items.filter((e) => e.account_id === account && e.raw) ?? noUpdates;
}

const oneError = (id: string) => `/api/v1/errors/${encodeURIComponent(id)}`;
export const rawUpdateURL = (id: string) => `${oneError(id)}/raw`;

export async function discardUpdate(id: string): Promise<void> {
  await del(oneError(id));
  await queryClient.invalidateQueries({ queryKey: [...key, 'errors'] });
}
