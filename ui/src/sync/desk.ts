import { useMemo } from 'react';
import { Book } from './book';
import type { News } from './book';
import { serverNow, setServerTime } from './clock';
import { disk } from './disk';
import { newId } from './id';
import { Line, openSocket } from './line';
import type { Connection, Conversation, Desk, Presence, Routing } from './model';
import { Outbox } from './outbox';
import { writeChoice } from './outbox';
import type { Choice, ReplyWish } from './outbox';
import { problemOf } from './problem';
import { queryClient } from './query';
import { get } from './rest';
import { emptyWorkspace, useWorkspace } from './store';
import { Tabs } from './tabs';
import { writeRouting } from './wire';
import type { FromServer } from './wire';

export type { News } from './book';
export type { Choice, ReplyWish } from './outbox';

/** How long frames are gathered before the screens are told. */
const gathering = 16;
/** Somebody who types is told of no more often than this. */
const typingPause = 3_000;

let connect = openSocket;
let user = '';
let version = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const newsListeners = new Set<(news: News) => void>();
const typedAt = new Map<string, number>();
const seenUpTo = new Map<string, string>();

const tabs = new Tabs();
const line: Line = new Line({
  connect: () => connect(),
  held: () => book.held(),
  take,
  changed,
  bye: (reason) => {
    if (reason === 'rights') void queryClient.invalidateQueries();
  },
  signedIn: () => get('/api/v1/session').then(() => true, (thrown) => problemOf(thrown).status !== 401),
});
const outbox = new Outbox(
  (command) => line.ask(command, { patience: Infinity }),
  (id) => {
    book.touch(id);
    publish();
  },
  disk,
);
const book = new Book({
  shown: (conversation) => outbox.shown(conversation),
  settled: (messageId) => outbox.settled(messageId),
  schedule,
});

/** Begins to work as this user. Called by the session. */
export function startDesk(id: string, socket: () => WebSocket = openSocket): void {
  stopDesk('connecting');
  user = id;
  connect = socket;
  takeOver();
}

/** Ends the work. Nothing of the user stays in memory. */
export function stopDesk(why: Connection): void {
  tabs.leave();
  line.stop(why);
  clearTimeout(timer);
  timer = undefined;
  book.clear();
  outbox.close();
  typedAt.clear();
  seenUpTo.clear();
  useWorkspace.setState({ ...emptyWorkspace, connection: why, connectionSince: serverNow() });
}

function takeOver(): void {
  tabs.take(replaced);
  line.start();
  void outbox.open(user);
}

/** Another tab works now. What is shown stays, and is not sent from here. */
function replaced(): void {
  tabs.leave();
  outbox.close();
  line.stop('replaced');
}

function changed(state: Connection): void {
  book.setLive(state === 'live');
  if (state === 'signedOut') tabs.leave();
  if (state === 'live') publish();
  useWorkspace.setState({ connection: state, connectionSince: serverNow() });
}

function take(frame: FromServer): void {
  if (frame.is === 'welcome') {
    setServerTime(frame.now);
    version ||= frame.version;
    if (frame.version !== version) useWorkspace.setState({ newVersion: true });
  } else if (!book.take(frame)) line.restart();
}

function schedule(): void {
  timer ??= setTimeout(publish, gathering);
}

/** Shows what has gathered, in one step, and then tells the news of it. */
function publish(): void {
  clearTimeout(timer);
  timer = undefined;
  const change = book.publish(useWorkspace.getState());
  if (Object.keys(change).length > 0) useWorkspace.setState(change);
  for (const news of book.takeNews()) newsListeners.forEach((listener) => listener(news));
}

/** Every act resolves once it is committed and rejects with a Problem. */
export const desk = {
  setPresence: (presence: Presence): Promise<void> => line.ask({ set_presence: { presence } }),

  /** Shows the message at once, sends it when it can, and returns its id. */
  reply: (conversationId: string, wish: ReplyWish): string => outbox.reply(conversationId, wish),

  /** Sends a failed message again, be it here or at the server. */
  retry: (conversationId: string, messageId: string): Promise<void> => {
    if (outbox.retry(messageId)) return Promise.resolve();
    return line.ask({ retry: { conversation_id: conversationId, message_id: messageId } });
  },

  /** Forgets a failed message that never left this client. */
  discard: (_conversationId: string, messageId: string): void => outbox.discard(messageId),

  note: (conversationId: string, text: string): Promise<void> =>
    line.ask({ note: { conversation_id: conversationId, note_id: newId(), text } }),

  transfer: (
    conversationId: string, to: { operatorId?: string; routing?: Partial<Routing>; note: string },
  ): Promise<void> => line.ask({
    transfer: {
      conversation_id: conversationId, transfer_id: newId(), operator_id: to.operatorId,
      routing: to.routing && writeRouting(to.routing), note: to.note,
    },
  }),

  close: (conversationId: string, about: { topicId: string; dissatisfied?: boolean }): Promise<void> => line.ask({
    close: { conversation_id: conversationId, topic_id: about.topicId, dissatisfied: about.dissatisfied },
  }, { ends: true }),

  giveBack: (conversationId: string): Promise<void> =>
    line.ask({ give_back: { conversation_id: conversationId } }, { ends: true }),

  setTopic: (conversationId: string, topicId: string): Promise<void> =>
    line.ask({ set_topic: { conversation_id: conversationId, topic_id: topicId } }),

  cancelHold: (conversationId: string): Promise<void> => line.ask({ cancel_hold: { conversation_id: conversationId } }),

  /** Gives the customer an article: one answer of it, or what its policy chooses, or its survey. */
  present: (conversationId: string, articleId: string, how: { answerId?: string; choice?: Choice } = {}): Promise<void> => line.ask({
    present: {
      conversation_id: conversationId, survey_id: newId(), article_id: articleId, answer_id: how.answerId,
      choice: how.choice && writeChoice(how.choice),
    },
  }),

  cancelSurvey: (conversationId: string, surveyId: string): Promise<void> =>
    line.ask({ cancel_survey: { conversation_id: conversationId, survey_id: surveyId } }),

  /** Tells that an article which the assistant showed does not answer the message. */
  reject: (conversationId: string, about: string, articleId: string): Promise<void> =>
    line.ask({ reject: { conversation_id: conversationId, about, article_id: articleId } }),

  /** Tells that the operator has seen the customer's messages up to this one; best effort. */
  seen: (conversationId: string, messageId: string): void => {
    if (seenUpTo.get(conversationId) === messageId || !line.isLive) return;
    seenUpTo.set(conversationId, messageId);
    line.tell({ seen: { conversation_id: conversationId, message_id: messageId } });
  },

  /** Tells that the operator is typing; best effort, not more often than is of use. */
  typing: (conversationId: string): void => {
    const now = Date.now();
    if (!line.isLive || now - (typedAt.get(conversationId) ?? 0) < typingPause) return;
    typedAt.set(conversationId, now);
    line.tell({ typing: { conversation_id: conversationId } });
  },
};

/** How the line is, since when (server clock), and the way to work here when another tab has taken over. */
export function useConnection(): { state: Connection; since: number; takeOver: () => void } {
  const state = useWorkspace((w) => w.connection);
  const since = useWorkspace((w) => w.connectionSince);
  return { state, since, takeOver };
}

/** The operator's own state; null before it has come. */
export function useDesk(): Desk | null {
  return useWorkspace((w) => w.desk);
}

/** The conversations that the operator keeps now, in the order they were given. */
export function useConversationIds(): string[] {
  return useWorkspace((w) => w.ids);
}

/** All that are kept now, for counting and sorting. It re-renders with every change of any: not for what is big. */
export function useConversations(): Conversation[] {
  const ids = useConversationIds();
  const conversations = useWorkspace((w) => w.conversations);
  return useMemo(() => ids.flatMap((id) => conversations[id] ?? []), [ids, conversations]);
}

/** One conversation; it re-renders only with its own changes. One that has just left stays readable for a while. */
export function useConversation(id: string): Conversation | undefined {
  return useWorkspace((w) => w.conversations[id]);
}

/** The customer is typing at this moment. */
export function useTyping(conversationId: string): boolean {
  return useWorkspace((w) => w.typing[conversationId] === true);
}

/** The server is newer than this page: «Обновить». */
export function useNewVersion(): boolean {
  return useWorkspace((w) => w.newVersion);
}

/** Calls the listener with what is new. Returns the way to stop it. */
export function onNews(listener: (news: News) => void): () => void {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
}
