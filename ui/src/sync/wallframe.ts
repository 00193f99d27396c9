import type { Presence, Routing } from './model';
import type { Readers, Told } from './wire';
import { list, number, object, presenceOf, routingOf, time, words } from './wire';

/** How much there is of everything. */
export interface WallCounters {
  waiting: number;
  /** Operators on reception. */
  online: number;
  automatic: number;
  failures: number;
  served: number;
}

export interface WallOperator {
  id: string;
  name: string;
  presence: Presence;
  /** Of the presence; 0 for who never chose one. */
  since: number;
  connected: boolean;
  capacity: number;
  /** Places taken, also by conversations that are not shown. */
  held: number;
  lines: string[];
  languages: string[];
  skills: string[];
}

export interface WallConversation {
  id: string;
  customerName: string;
  customerId: string;
  accountId: string;
  /** Of the channel. */
  kind: string;
  centerId: string;
  routing: Routing;
  phase: 'automatic' | 'waiting' | 'served';
  /** The agent, the line or the operator. */
  keeperId: string;
  /** Of the keeping; of who waits, of the waiting. */
  since: number;
  /** Since when the operator leaves the customer without an answer; 0 for no such time. */
  unanswered: number;
  forced: boolean;
  /** Why it waits. */
  cause: string;
}

/** How an account is. */
export interface WallChannel {
  id: string;
  state: string;
  error: string;
  errorAt: number;
  waiting: number;
}

/** A message whose processing failed. */
export interface WallFailure {
  id: string;
  at: number;
  accountId: string;
  reason: string;
  size: number;
  /** The kind of an update that nobody understands. */
  raw: string;
}

/** Something that goes wrong now. */
export interface WallAlert {
  id: string;
  kind: string;
  centerId: string;
  /** The line, the operator or the account. */
  subjectId: string;
  since: number;
  value: number;
  bound: number;
}

/** The lists of the wall; each thing has an id. */
export interface WallRows {
  operators: WallOperator;
  conversations: WallConversation;
  channels: WallChannel;
  failures: WallFailure;
  alerts: WallAlert;
}

export type WallList = keyof WallRows;

/** What is new. */
export interface WallNews {
  /** What was told before is forgotten first. */
  full: boolean;
  /** Another part of the same moment follows. */
  more: boolean;
  at: number;
  counters: WallCounters | null;
  rows: { [L in WallList]: WallRows[L][] };
  gone: Record<WallList, string[]>;
}

export const wallLists = ['operators', 'conversations', 'channels', 'failures', 'alerts'] as const;

/** Frames that only the wall's socket brings. */
export const wallReaders: Readers = {
  wall: (f) => {
    const gone = object(f.gone);
    const names = (told: unknown) => list(told, words);
    return {
      is: 'wall', full: f.full === true, more: f.more === true, at: time(f.at), counters: f.counters ? countersOf(object(f.counters)) : null,
      rows: {
        operators: list(f.operators, (o) => operatorOf(object(o))), conversations: list(f.conversations, (c) => conversationOf(object(c))),
        channels: list(f.channels, (c) => channelOf(object(c))), failures: list(f.failures, (x) => failureOf(object(x))),
        alerts: list(f.alerts, (a) => alertOf(object(a))),
      },
      gone: {
        operators: names(gone.operators), conversations: names(gone.conversations), channels: names(gone.channels),
        failures: names(gone.failures), alerts: names(gone.alerts),
      },
    };
  },
};

const countersOf = (c: Told): WallCounters => ({
  waiting: number(c.waiting), online: number(c.operators_online), automatic: number(c.automatic), failures: number(c.failures), served: number(c.served),
});

const operatorOf = (o: Told): WallOperator => ({
  id: words(o.operator_id), name: [words(o.first_name), words(o.last_name)].filter(Boolean).join(' ') || words(o.operator_id),
  presence: presenceOf(o.presence), since: time(o.since), connected: o.connected === true, capacity: number(o.capacity), held: number(o.held),
  lines: list(o.line_ids, words), languages: list(o.languages, words), skills: list(o.skills, words),
});

const conversationOf = (c: Told): WallConversation => ({
  id: words(c.conversation_id), customerName: words(c.customer_name), customerId: words(c.customer_id), accountId: words(c.account_id),
  kind: words(c.kind), centerId: words(c.center_id), routing: routingOf(c.routing), phase: phaseOf(c.phase), keeperId: words(c.keeper_id),
  since: time(c.since), unanswered: time(c.unanswered), forced: c.forced === true, cause: words(c.cause),
});

function phaseOf(told: unknown): WallConversation['phase'] {
  return told === 'waiting' || told === 'served' ? told : 'automatic';
}

const channelOf = (c: Told): WallChannel => ({
  id: words(c.account_id), state: words(c.state), error: words(c.error), errorAt: time(c.error_at), waiting: number(c.waiting),
});

const failureOf = (f: Told): WallFailure => ({
  id: words(f.error_id), at: time(f.at), accountId: words(f.account_id), reason: words(f.reason), size: number(f.size), raw: words(f.raw),
});

const alertOf = (a: Told): WallAlert => ({
  id: words(a.alert_id), kind: words(a.kind), centerId: words(a.center_id), subjectId: words(a.subject_id), since: time(a.since),
  value: number(a.value), bound: number(a.bound),
});
