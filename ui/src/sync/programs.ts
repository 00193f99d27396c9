/** Programs of others: keys that they come in with, and webhooks by which they are told. It is loaded with its page. */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { del, get, post, put } from './rest';
import type { Grants } from './users';

export type { Grants };

export interface KeyFields extends Grants {
  name: string;
  /** It is no key from then on; left out for good. */
  until?: string;
  /** Requests a minute; 0 stands for 600. */
  rate: number;
  disabled: boolean;
}

export interface ApiKey extends KeyFields {
  key_id: string;
  /** Of a new key, told this once. */
  secret?: string;
  /** Left out if it was not used since the server started. */
  used_at?: string;
  revision: number;
  by: string;
  at: string;
}

export interface WebhookFields extends Grants {
  name: string;
  url: string;
  /** None stands for all that the permissions open. */
  kinds: string[];
  disabled: boolean;
}

export interface Webhook extends WebhookFields {
  webhook_id: string;
  /** Of a new webhook, told this once. */
  signing?: string;
  revision: number;
}

/** One post to a receiver. */
export interface Post {
  at: string;
  item: string;
  kind: string;
  /** 0 for no answer. */
  status: number;
  duration_ms: number;
  /** Empty if it was taken. */
  error: string;
  next?: string;
}

export interface FailedPost {
  item: string;
  first_at: string;
  tries: number;
  error: string;
}

const v1 = '/api/v1';
const one = (kind: 'keys' | 'webhooks', id: string) => `${v1}/${kind}/${encodeURIComponent(id)}`;
const items = async <T>(path: string) => (await get<{ items: T[] }>(path)).items;

const keys = ['keys'];
const webhooks = ['webhooks'];

export const useKeys = () => useQuery({ queryKey: keys, queryFn: () => items<ApiKey>(`${v1}/keys`) });
export const useWebhooks = () => useQuery({ queryKey: webhooks, queryFn: () => items<Webhook>(`${v1}/webhooks`) });

async function then<T>(key: readonly string[], doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } finally {
    await queryClient.invalidateQueries({ queryKey: key });
  }
}

export const putKey = (id: string, fields: KeyFields, revision?: number) => then(keys, put<ApiKey>(one('keys', id), { ...fields, revision }));
export const removeKey = (id: string) => then(keys, del(one('keys', id)));
export const rotateKey = async (id: string) => (await then(keys, post<{ secret: string }>(`${one('keys', id)}/secret`))).secret;

export const putWebhook = (id: string, fields: WebhookFields, revision?: number) => then(webhooks, put<Webhook>(one('webhooks', id), { ...fields, revision }));
export const removeWebhook = (id: string) => then(webhooks, del(one('webhooks', id)));
export const rotateSigning = async (id: string) => (await then(webhooks, post<{ signing: string }>(`${one('webhooks', id)}/secret`))).signing;

const fate = (id: string) => ['webhook', id];

/** What was posted lately, what waits, and what was given up. */
export const useFate = (id: string) =>
  useQuery({
    queryKey: fate(id), refetchInterval: 10_000,
    queryFn: async () => {
      const [log, failed] = await Promise.all([get<{ waiting: number; items: Post[] }>(`${one('webhooks', id)}/log`), items<FailedPost>(`${one('webhooks', id)}/failed`)]);
      return { ...log, failed };
    },
  });

/** Posts a test, once. */
export const testWebhook = (id: string) => then(fate(id), post<Post>(`${one('webhooks', id)}/test`, undefined, { patience: 30_000 }));

/** Tells what has failed again; none stands for all of it. */
export const resend = async (id: string, which: string[] = []) => (await then(fate(id), post<{ count: number }>(`${one('webhooks', id)}/resend`, { items: which }))).count;
