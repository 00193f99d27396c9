import { useQuery } from '@tanstack/react-query';
import { camel } from './json';
import { queryClient } from './query';
import { del, get, patch, post, put } from './rest';
import { useSession } from './session';
import { fileURL } from './upload';

export interface CustomerAddress {
  /** Its name in paths; it does not tell the address. */
  addressId: string;
  accountId: string;
  address: string;
  /** Of the account. */
  kind: string;
  /** channel, link, signed or operator; empty is a claim. */
  verified: string;
  unreachable: boolean;
}

/** A customer's form. */
export interface Customer {
  customerId: string;
  name: string;
  fields: Record<string, string>;
  /** Who wrote each field last: a user id, or nobody's for the customer. */
  changedBy?: Record<string, string>;
  /** Of the fields: what a change is made from. */
  revision: number;
  test: boolean;
  addresses: CustomerAddress[];
  openConversation: string;
  /** Those that the asker may see, the oldest first. */
  conversations: string[];
  servedBy: string[];
  mergedInto: string;
  absorbed: string[];
}

export interface FoundCustomer {
  customerId: string;
  name: string;
  fields: Record<string, string>;
  kinds: string[];
  openConversation: string;
  lastAt: number;
}

export interface InviteLink {
  token: string;
  /** For the customer; channels without links have only the token. */
  url?: string;
  until: number;
}

export interface Verdict {
  operatorId: string;
  rule: string;
  candidates: { operatorId: string; held: number; capacity: number; idleSince: string; affinity: number }[];
  excluded: { rule: string; count: number; operatorIds: string[] }[];
  fitting: number;
  considered: number;
}

export interface Verdicts {
  items: { version: number; at: number; forced: boolean; verdict: Verdict }[];
  /** Why it waits at this moment. */
  now?: Verdict;
  why: string;
}

const root = '/api/v1/customers';
const one = (id: string) => `${root}/${encodeURIComponent(id)}`;
const address = (id: string, addressId: string) => `${one(id)}/addresses/${encodeURIComponent(addressId)}`;
const talk = (id: string) => `/api/v1/conversations/${encodeURIComponent(id)}`;

/** The form of a customer, kept by react-query under ['customer', id]. */
export function useCustomer(id: string, staleTime?: number) {
  return useQuery({
    staleTime,
    queryKey: ['customer', id],
    queryFn: async ({ signal }) => customerOf(await get<unknown>(one(id), undefined, { signal })),
    enabled: id !== '',
  }, queryClient);
}

/** How long a picture is taken for the customer's: a list of dialogs asks for many. */
const lasts = 600_000;

/** Where the picture of a customer is; undefined without one, and for who may not see customers. */
export function useFace(id: string): string | undefined {
  const { may } = useSession();
  const { data } = useCustomer(may('view_client') ? id : '', lasts);
  return data && faceURL(data);
}

/** The picture is a file of the customer's, or of one who has become part of them. */
export function faceURL({ customerId, fields }: Pick<Customer, 'customerId' | 'fields'>): string | undefined {
  return fields?.avatar ? fileURL(customerId, fields.avatar, '') : undefined;
}

function customerOf(told: unknown): Customer {
  return camel(told) as Customer;
}

/** Keeps what the server answered to a change, so that every view shows it. */
function keep(told: unknown): Customer {
  const customer = customerOf(told);
  queryClient.setQueryData(['customer', customer.customerId], customer);
  return customer;
}

/** Customers whose names, phones or addresses begin with the words. */
export async function searchCustomers(query: string, signal?: AbortSignal): Promise<FoundCustomer[]> {
  const told = await get<{ items?: unknown[] }>(root, { query, limit: 20 }, { signal });
  return (told.items ?? []).map((each) => {
    const found = camel(each) as Partial<FoundCustomer> & { lastAt?: string };
    return {
      customerId: found.customerId ?? '', name: found.name ?? '', fields: found.fields ?? {}, kinds: found.kinds ?? [],
      openConversation: found.openConversation ?? '', lastAt: timeOf(found.lastAt),
    };
  });
}

/** Changes only the fields named; an empty one is cleared. A change made from an old revision is a conflict. */
export async function patchCustomer(
  id: string, revision: number, fields: Record<string, string>, test?: boolean,
): Promise<Customer> {
  const body = test === undefined ? { fields } : { fields, test };
  return keep(await patch<unknown>(one(id), body, { ifMatch: revision }));
}

export async function addAddress(id: string, accountId: string, value: string): Promise<Customer> {
  return keep(await post<unknown>(`${one(id)}/addresses`, { account_id: accountId, address: value }));
}

export async function editAddress(id: string, addressId: string, accountId: string, value: string): Promise<Customer> {
  return keep(await put<unknown>(address(id, addressId), { account_id: accountId, address: value }));
}

export async function removeAddress(id: string, addressId: string): Promise<void> {
  await del(address(id, addressId));
  await queryClient.invalidateQueries({ queryKey: ['customer', id] });
}

/** A one-time link by which the customer's address in another channel is recognised. */
export async function makeLink(id: string, accountId: string): Promise<InviteLink> {
  const told = await post<{ token: string; url?: string; until: string }>(`${one(id)}/links`, { account_id: accountId });
  return { token: told.token, url: told.url, until: timeOf(told.until) };
}

/**
 * Makes the customer from part of the customer id, and says whether it is done.
 * The wish is answered at once, and the other customer hears of it after that:
 * the form is asked for until it tells of both, or it takes too long.
 */
export async function merge(id: string, from: string): Promise<boolean> {
  let customer = keep(await post<unknown>(`${one(id)}/merge`, { from }));
  for (let n = 1; n <= asks && !customer.absorbed?.includes(from); n++) {
    await new Promise((done) => setTimeout(done, n * 50));
    customer = keep(await get<unknown>(one(id)));
  }
  await queryClient.invalidateQueries({ queryKey: ['customer', from] });
  return customer.absorbed?.includes(from) ?? false;
}

/** How often a form is asked whether two are one: three seconds in all. */
const asks = 10;

/**
 * «Начать диалог»: returns the id of the conversation, which is given to the
 * asker at once. With a messageId the same wish again is the same message.
 */
export async function startConversation(
  customerId: string, wish: { accountId: string; address: string; text: string; messageId?: string },
): Promise<string> {
  const body = { account_id: wish.accountId, address: wish.address, text: wish.text, message_id: wish.messageId };
  return (await post<{ conversation_id: string }>(`${one(customerId)}/conversations`, body)).conversation_id;
}

/** Why the conversation went where it did; of one operator also why not there. */
export async function verdicts(conversationId: string, operatorId?: string): Promise<Verdicts> {
  const told = camel(await get<unknown>(`${talk(conversationId)}/verdicts`, { operator: operatorId })) as {
    items: { version: number; at: string; forced: boolean; verdict: Partial<Verdict> }[];
    now?: Partial<Verdict>;
    why?: string;
  };
  return {
    items: told.items.map((each) => ({ ...each, at: timeOf(each.at), verdict: verdictOf(each.verdict) })),
    now: told.now && verdictOf(told.now),
    why: told.why ?? '',
  };
}

/** The JSON of a verdict leaves out what is zero. */
function verdictOf(told: Partial<Verdict>): Verdict {
  const none = { operatorId: '', held: 0, capacity: 0, idleSince: '', affinity: 0 };
  return {
    operatorId: told.operatorId ?? '', rule: told.rule ?? '', fitting: told.fitting ?? 0, considered: told.considered ?? 0,
    candidates: (told.candidates ?? []).map((each) => ({ ...none, ...each })),
    excluded: (told.excluded ?? []).map((each) => ({ ...each, count: each.count ?? 0, operatorIds: each.operatorIds ?? [] })),
  };
}

/** The number of the conversation's ticket in the help desk. */
export function setTicket(conversationId: string, number: string): Promise<void> {
  return put<void>(`${talk(conversationId)}/ticket`, { number });
}

/** Asks the telephone exchange to call the customer; by which channel, if there are several. */
export async function call(conversationId: string, phone: string, accountId?: string): Promise<void> {
  await post(`${talk(conversationId)}/call`, { address: phone, account_id: accountId });
}

function timeOf(text: string | undefined): number {
  return text ? Date.parse(text) || 0 : 0;
}
