/**
 * Conversations that have ended, for who goes through them. It is loaded with
 * the page that needs it.
 */
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { queryClient } from './query';
import { del, get, put } from './rest';
import { list, object, words } from './wire';

export type ReviewState = 'closed' | 'reviewed';

/** What is looked for; an empty text asks for no certain one. */
export interface ReviewQuery {
  state: ReviewState;
  center: string;
  line: string;
  account: string;
  /** Moments, as RFC 3339 writes them. */
  from: string;
  to: string;
}

export interface Ended {
  conversation_id: string;
  customer_name: string;
  account_id: string;
  kind: string;
  center_id: string;
  test: boolean;
  operator_id: string;
  agent_id: string;
  topic_id: string;
  opened_at: string;
  closed_at: string;
  state: ReviewState;
  reviewed_at?: string;
  reviewed_by: string;
  labels: number;
}

interface Page {
  items: Ended[];
  next: string;
}

const key = ['reviews'];
const listKey = (q: ReviewQuery) => [...key, 'list', q];

export const useReviews = (q: ReviewQuery) =>
  useInfiniteQuery({
    queryKey: listKey(q),
    queryFn: ({ pageParam }) => {
      const told = Object.fromEntries(Object.entries(q).map(([name, value]) => [name, value || undefined]));
      return get<Page>('/api/v1/reviews', { ...told, after: pageParam || undefined });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
  });

/** Which article answers a customer's message; empty says that none does. */
export interface Label {
  articleId: string;
  by: string;
}

export interface ReviewMessage {
  id: string;
  at: string;
  from: 'customer' | 'operator' | 'agent' | 'system' | 'note';
  operatorId: string;
  text: string;
  files: string[];
  /** What a button said that was pressed. */
  pressed: string;
  automatic: boolean;
  removed: boolean;
  /** Of ours: the article that says so; of the customer's: with which an operator answered. */
  articleId: string;
  label?: Label;
}

export interface ReviewTalk {
  id: string;
  customerName: string;
  kind: string;
  accountId: string;
  centerId: string;
  topicId: string;
  phase: string;
  closedAt: string;
  reviewedAt: string;
  reviewedBy: string;
  messages: ReviewMessage[];
}

function messageOf(told: unknown): ReviewMessage {
  const t = object(told);
  const content = object(t.content);
  const label = t.label === undefined ? undefined : object(t.label);
  return {
    id: words(t.message_id), at: words(t.at), from: words(t.from) as ReviewMessage['from'], operatorId: words(t.operator_id), text: words(content.text),
    files: list(content.attachments, (each) => words(object(each).name)), pressed: words(object(content.pressed).caption),
    automatic: t.automatic === true, removed: t.removed === true, articleId: words(t.article_id),
    label: label && { articleId: words(label.article_id), by: words(label.by) },
  };
}

export function talkOf(told: unknown): ReviewTalk {
  const t = object(told);
  return {
    id: words(t.conversation_id), customerName: words(t.customer_name), kind: words(t.kind), accountId: words(t.account_id), centerId: words(t.center_id),
    topicId: words(object(t.disposition).topic_id), phase: words(t.phase), closedAt: words(t.closed_at), reviewedAt: words(t.reviewed_at),
    reviewedBy: words(t.reviewed_by), messages: list(t.messages, messageOf),
  };
}

const one = (id: string) => `/api/v1/conversations/${encodeURIComponent(id)}`;
const talkKey = (id: string) => [...key, 'talk', id];

export const useReviewTalk = (id: string) =>
  useQuery({ queryKey: talkKey(id), queryFn: async () => talkOf(await get(one(id))), enabled: id !== '' });

/** What was said of a message shows at once, and counts in the list. */
function labelled(id: string, message: string, label: Label | undefined): void {
  const before = queryClient.getQueryData<ReviewTalk>(talkKey(id));
  if (!before) return;
  const talk = { ...before, messages: before.messages.map((m) => (m.id === message ? { ...m, label } : m)) };
  queryClient.setQueryData(talkKey(id), talk);
  const labels = talk.messages.filter((m) => m.label).length;
  inLists((items) => items.map((e) => (e.conversation_id === id ? { ...e, labels } : e)));
}

/** Changes the lists as they are shown: what the server reads off its journal comes a moment later. */
function inLists(change: (items: Ended[]) => Ended[]): void {
  queryClient.setQueriesData<InfiniteData<Page>>({ queryKey: [...key, 'list'] }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) });
}

const labelPath = (id: string, message: string) => `${one(id)}/messages/${encodeURIComponent(message)}/label`;

/** Says which article answers a message; undefined takes back what was said. */
export async function putLabel(id: string, message: string, articleId: string | undefined, by: string): Promise<void> {
  if (articleId === undefined) await del(labelPath(id, message));
  else await put(labelPath(id, message), { article_id: articleId });
  labelled(id, message, articleId === undefined ? undefined : { articleId, by });
}

/** Says that the labels of a conversation are right, or takes that back. */
export async function putReview(id: string, reviewed: boolean): Promise<void> {
  await (reviewed ? put(`${one(id)}/review`, undefined) : del(`${one(id)}/review`));
  inLists((items) => items.map((e) => (e.conversation_id === id ? { ...e, state: reviewed ? 'reviewed' : 'closed' } : e)));
  await queryClient.invalidateQueries({ queryKey: talkKey(id) });
}
