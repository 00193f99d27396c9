import { create } from 'zustand';
import { setServerTime } from './clock';
import { apply, blank, fit } from './fold';
import { Line, openSocket } from './line';
import type { Connection, Conversation } from './model';
import { readConversation } from './past';
import { Problem, problemOf } from './problem';
import { del, get, post, put } from './rest';
import type { WallState } from './wallfold';
import { emptyWall, foldWall } from './wallfold';
import { wallReaders } from './wallframe';
import type { WallAlert } from './wallframe';
import type { FromServer } from './wire';

export type { WallState } from './wallfold';
export type { WallAlert, WallConversation, WallCounters, WallFailure, WallOperator } from './wallframe';

/** A conversation that is read along. */
export interface Watched {
  id: string;
  /** None before its first event has come. */
  conversation: Conversation | null;
  /** It is not told any more: the right to see it is gone, or it can't be read. */
  problem: Problem | null;
}

export interface WallView extends WallState {
  connection: Connection;
  watched: Watched | null;
}

/** The work that goes on, while somebody looks at it. */
export const useWall = create<WallView>(() => ({ ...emptyWall, connection: 'connecting', watched: null }));

/** What is told, also in parts that are not shown yet. */
let told: WallState = emptyWall;
let watching = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const alerted = new Set<(alert: WallAlert) => void>();

/** How long the events of a conversation are gathered before they are shown. */
const gathering = 16;

let read: Conversation | null = null;

const open = () => openSocket('/api/v1/wall');
let connect = open;

const line: Line = new Line({
  connect: () => connect(),
  held: () => [],
  readers: wallReaders,
  take,
  changed: (connection) => {
    useWall.setState({ connection });
    // The line asks what was asked before it became live by itself.
    if (connection === 'live' && watching) queueMicrotask(follow);
  },
  bye: () => {},
  signedIn: () => get('/api/v1/session').then(() => true, (thrown) => problemOf(thrown).status !== 401),
});

/** Begins to look on. Returns the end of it, with which everything is forgotten. */
export function openWall(socket: () => WebSocket = open): () => void {
  connect = socket;
  line.start();
  return () => {
    line.stop('connecting');
    watch('');
    told = emptyWall;
    useWall.setState({ ...emptyWall, connection: 'connecting' });
  };
}

/** Everything is told anew. */
export function refreshWall(): void {
  line.restart();
}

/** Calls the listener with each alert that is raised while somebody looks on. */
export function onAlert(listener: (alert: WallAlert) => void): () => void {
  alerted.add(listener);
  return () => alerted.delete(listener);
}

function take(frame: FromServer): void {
  switch (frame.is) {
    case 'welcome':
      setServerTime(frame.now);
      break;
    case 'wall': {
      told = foldWall(told, frame);
      if (!frame.more) show();
      break;
    }
    case 'entry':
      if (read && frame.entry.stream === streamOf(watching)) enter(frame.entry);
      break;
    case 'reset':
      if (frame.stream === streamOf(watching)) read = blank(watching);
      break;
    case 'gone':
      if (frame.stream === streamOf(watching)) lose(new Problem({ status: 404, kind: 'not_found' }));
      break;
  }
}

function show(): void {
  const before = useWall.getState();
  useWall.setState(told);
  // What was up before somebody came is no news.
  if (!before.ready || before.alerts === told.alerts) return;
  for (const [id, alert] of told.alerts) {
    if (!before.alerts.has(id)) alerted.forEach((listener) => listener(alert));
  }
}

const streamOf = (id: string) => `conversation/${id}`;

/** Reads one conversation along, and no other; none for ''. */
export function watch(id: string): void {
  if (id === watching) return;
  if (watching && line.isLive) line.tell({ unwatch: { conversation_id: watching } });
  clearTimeout(timer);
  timer = undefined;
  watching = id;
  read = id ? blank(id) : null;
  useWall.setState({ watched: id ? { id, conversation: null, problem: null } : null });
  if (id && line.isLive) follow();
}

/** Asks for what is not held yet. One that has ended is not followed any more, and is read as the past is. */
function follow(): void {
  const id = watching;
  if (!id) return;
  const version = read?.version ?? 0;
  line.ask({ watch: { conversation_id: id, version } }).catch(async (thrown: unknown) => {
    if (id !== watching) return;
    if (problemOf(thrown).status !== 404) return lose(problemOf(thrown));
    try {
      const past = await readConversation(id);
      if (id !== watching) return;
      read = past;
      tell();
    } catch (why) {
      if (id === watching) lose(problemOf(why));
    }
  });
}

function enter(entry: Extract<FromServer, { is: 'entry' }>['entry']): void {
  if (!read) return;
  if (fit(read.version, entry.version) === 'gap') return line.restart();
  read = apply(read, entry);
  timer ??= setTimeout(tell, gathering);
}

function tell(): void {
  clearTimeout(timer);
  timer = undefined;
  if (read && read.version > 0) useWall.setState({ watched: { id: read.id, conversation: read, problem: null } });
}

function lose(problem: Problem): void {
  read = blank(watching);
  useWall.setState({ watched: { id: watching, conversation: null, problem } });
}

const conversation = (id: string) => `/api/v1/conversations/${encodeURIComponent(id)}`;
const error = (id: string) => `/api/v1/errors/${encodeURIComponent(id)}`;

/** What a supervisor does. The wall tells what comes of it. */
export const supervisor = {
  offline: (operatorId: string) => post<void>(`/api/v1/operators/${encodeURIComponent(operatorId)}/offline`),
  assign: (id: string, operatorId: string) => post<void>(`${conversation(id)}/assign`, { operator_id: operatorId }),
  take: (id: string) => post<void>(`${conversation(id)}/take`),
  putBack: (id: string) => post<void>(`${conversation(id)}/return`),
  prioritize: (id: string, priority: number) => put<void>(`${conversation(id)}/priority`, { priority }),
  retry: (id: string) => post<void>(`${error(id)}/retry`),
  discard: (id: string) => del(error(id)),
};

export const rawURL = (id: string) => `${error(id)}/raw`;
