/** How others sign in: providers, and what a user proves to be the user by. It is loaded with its page. */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { del, get, post, put } from './rest';

export interface ProviderFields {
  name: string;
  issuer: string;
  client_id: string;
  disabled: boolean;
}

export interface Provider extends ProviderFields {
  provider_id: string;
  has_secret: boolean;
  revision: number;
}

export interface Tried {
  works: boolean;
  reason: string;
}

export interface Factor {
  factor_id: string;
  kind: 'totp' | 'passkey';
  name: string;
  at: string;
  /** Left out if it was never used. */
  used_at?: string;
}

export interface Identity {
  identity_id: string;
  provider_id: string;
  issuer: string;
  subject: string;
  /** What the provider called the user; empty where somebody else linked it. */
  name: string;
  at: string;
}

export interface Proofs {
  items: Factor[];
  recovery_left: number;
  /** A role of the user's needs a second factor. */
  needed: boolean;
  identities: Identity[];
}

export interface OpenInvitation {
  open: boolean;
  until?: string;
  renewal: boolean;
}

const v1 = '/api/v1';
const providers = ['providers'];
const provider = (id: string) => `${v1}/providers/${encodeURIComponent(id)}`;
const user = (id: string) => `${v1}/users/${encodeURIComponent(id)}`;
const proofs = (id: string) => ['users', 'proofs', id];
const invitation = (id: string) => ['users', 'invitation', id];

async function then<T>(key: readonly string[], doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } finally {
    await queryClient.invalidateQueries({ queryKey: key });
  }
}

export const useProviders = () => useQuery({ queryKey: providers, queryFn: async () => (await get<{ items: Provider[] }>(`${v1}/providers`)).items });
/** The secret is left out to stay as it is, and empty to be forgotten. */
export const putProvider = (id: string, fields: ProviderFields & { client_secret?: string }, revision?: number) => then(providers, put<Provider>(provider(id), { ...fields, revision }));
export const removeProvider = (id: string) => then(providers, del(provider(id)));
export const tryProvider = (id: string) => post<Tried>(`${provider(id)}/test`, undefined, { patience: 30_000 });
/** What a provider is to be told to send people back to; empty if the server does not know its address. */
export const useReturnAddress = () => useQuery({ queryKey: ['ways', 'return'], queryFn: async () => (await get<{ return_address: string }>(`${v1}/session/ways`)).return_address });

export const useProofs = (id: string) => useQuery({ queryKey: proofs(id), queryFn: () => get<Proofs>(`${user(id)}/factors`), staleTime: 0 });
export const takeFactor = (id: string, factor: string) => then(proofs(id), del(`${user(id)}/factors/${encodeURIComponent(factor)}`));
export const linkIdentity = (id: string, providerId: string, subject: string) => then(proofs(id), post(`${user(id)}/identities`, { provider_id: providerId, subject }));
export const unlinkIdentity = (id: string, identity: string) => then(proofs(id), del(`${user(id)}/identities/${encodeURIComponent(identity)}`));

export const useInvitation = (id: string) => useQuery({ queryKey: invitation(id), queryFn: () => get<OpenInvitation>(`${user(id)}/invitation`), staleTime: 0 });
export const withdraw = (id: string) => then(invitation(id), del(`${user(id)}/invitation`));
export const invitedAnew = (id: string) => queryClient.invalidateQueries({ queryKey: invitation(id) });
