/**
 * Automatic agents, the chains in which conversations pass them, and working
 * hours, as administrators see them. It is loaded with the page that needs it.
 */
import { useQuery } from '@tanstack/react-query';
import type { Center, Line } from './organisation';
import { queryClient } from './query';
import { del, get, post, put } from './rest';

export const agentKinds = ['greeting', 'hours', 'bot', 'external', 'model'] as const;
export type AgentKind = (typeof agentKinds)[number];
/** Empty is onward. */
export type Away = '' | 'onward' | 'queue' | 'close';

export interface BotSettings {
  precision?: number;
  misses?: number;
  unsure_article_id?: string;
  suggest?: boolean;
}

/** Where an agent is asked. Times are written like 10s. */
export interface ExternalSettings {
  url: string;
  deadline?: string;
  patience?: string;
  model: string;
  instruction: string;
}

export interface AgentFields {
  kind: AgentKind;
  name: string;
  disabled: boolean;
  article_id: string;
  /** What one of hours does with who comes outside of them. */
  away: Away;
  bot?: BotSettings;
  external?: ExternalSettings;
}

/** An agent as the server shows it: what is secret is not among it. */
export interface Agent extends AgentFields {
  agent_id: string;
  has_secrets: boolean;
  revision: number;
  /** What requests to a new external agent are signed with; told once. */
  signing?: string;
}

/** What is left out stays as it is; null takes out. */
export interface AgentSecrets {
  signing?: string[];
  bearer?: string | null;
}

export interface OpenHours {
  /** 1 Monday to 7 Sunday; a special day's have none. */
  weekday?: number;
  /** Minutes since midnight; below from, `to` is on the next day. */
  from: number;
  to: number;
}

export interface SpecialDay {
  /** 2026-12-31, or --05-09 for every year. */
  date: string;
  name: string;
  /** None is closed all day. */
  hours: OpenHours[];
}

export interface CalendarFields {
  name: string;
  /** Empty is that of the center. */
  time_zone: string;
  week: OpenHours[];
  days: SpecialDay[];
}

export interface Calendar extends CalendarFields {
  calendar_id: string;
  revision: number;
}

/** Whether somebody is there now, and when that changes. */
export interface Attendance {
  of: 'calendar' | 'center' | 'line';
  id: string;
  calendar_id: string;
  /** Empty is the server's own. */
  time_zone: string;
  open: boolean;
  changes_at?: string;
}

/** The part of a policy that is about agents. */
export interface ChainPolicy {
  agents?: string[];
  person_words?: string[];
  agent_timeout?: string;
}

/** Settings of a center, or of all if center_id is empty. What this page does not know it puts as it was. */
export interface Settings {
  center_id: string;
  policy?: ChainPolicy;
  own_agents?: boolean;
  in_force: { policy?: ChainPolicy };
  revision: number;
}

/** An account as far as chains are concerned. */
export interface AgentAccount {
  account_id: string;
  kind: string;
  name: string;
  center_id: string;
  routing?: { line_id?: string };
  settings?: Record<string, unknown>;
  disabled: boolean;
  own_agents: boolean;
  agents: string[];
  revision: number;
}

/** All that the page shows. */
export interface Agency {
  agents: Agent[];
  calendars: Calendar[];
  attendance: Attendance[];
  centers: Center[];
  lines: Line[];
  settings: Settings[];
  accounts: AgentAccount[];
}

export type { Center, Line };

const key = ['agency'];
const v1 = '/api/v1';
/** Doors open and close by themselves. */
const every = 30_000;

interface List<T> {
  items: T[];
}

async function read(): Promise<Agency> {
  const all = async <T>(name: string) => (await get<List<T>>(`${v1}/${name}`)).items;
  const [agents, calendars, attendance, centers, lines, settings, accounts] = await Promise.all([
    all<ToldAgent>('agents'), all<Calendar>('calendars'), all<Attendance>('hours'), all<Center>('centers'),
    all<Line>('lines'), all<Settings>('settings'), all<AgentAccount>('accounts'),
  ]);
  return { agents: agents.map(agentOf), calendars: calendars.map(wholeCalendar), attendance, centers, lines, settings, accounts };
}

/** On the wire it is called then, which is no name for a field of an object here. */
type ToldAgent = Agent & { then: Away };
const agentOf = ({ then: away, ...agent }: ToldAgent): Agent => ({ ...agent, away });

/** What is zero or empty the server leaves out. */
function wholeCalendar(told: Calendar): Calendar {
  const hours = (list?: OpenHours[]) => (list ?? []).map((h) => ({ ...h, from: h.from ?? 0, to: h.to ?? 0 }));
  const days = (told.days ?? []).map((d) => ({ date: d.date, name: d.name ?? '', hours: hours(d.hours) }));
  return { ...told, week: hours(told.week), days };
}

export const useAgency = () => useQuery({ queryKey: key, queryFn: read, refetchInterval: every });

const changed = () => queryClient.invalidateQueries({ queryKey: key });
const one = (kind: string, id: string) => `${v1}/${kind}/${encodeURIComponent(id)}`;

async function keep<T>(path: string, body: object): Promise<T> {
  const kept = await put<T>(path, body);
  await changed();
  return kept;
}

function toldOf({ away, ...agent }: AgentFields): object {
  const told = new Map<string, unknown>(Object.entries(agent));
  return Object.fromEntries(told.set('then', away));
}

export const putAgent = (id: string, agent: AgentFields & { secrets?: AgentSecrets }, revision?: number) =>
  keep<Agent>(one('agents', id), { ...toldOf(agent), revision });

export const putCalendar = (id: string, fields: CalendarFields, revision?: number) =>
  keep<Calendar>(one('calendars', id), { ...fields, revision });

export async function removeEntry(kind: 'agents' | 'calendars', id: string): Promise<void> {
  await del(one(kind, id));
  await changed();
}

/** Gives a center or a line its working hours; empty are those above it. */
export const putCenterHours = ({ center_id, name, time_zone, revision }: Center, calendar: string) =>
  keep<Center>(one('centers', center_id), { name, time_zone, calendar_id: calendar, revision });

export const putLineHours = ({ line_id, name, center_id, revision }: Line, calendar: string) =>
  keep<Line>(one('lines', line_id), { name, center_id, calendar_id: calendar, revision });

/** Puts the chain into settings that stay as they are otherwise. */
export function putChain(settings: Settings, own: boolean, chain: ChainPolicy): Promise<Settings> {
  const { center_id, in_force: _force, by: _by, at: _at, ...rest } = settings as Settings & { by?: string; at?: string };
  return keep<Settings>(one('settings', center_id || 'default'), { ...rest, own_agents: own, policy: { ...settings.policy, ...chain } });
}

/** Puts the chain of a channel. Its secrets are not told, and stay. */
export function putAccountChain({ account_id, kind, name, center_id, routing, settings, disabled, revision }: AgentAccount, own: boolean, agents: string[]) {
  return keep<AgentAccount>(one('accounts', account_id), { kind, name, center_id, routing, settings, disabled, revision, own_agents: own, agents });
}

/** One thing that an agent wants; exactly one of its fields is there. */
export interface AgentAction {
  reply?: { text?: string; buttons?: { caption: string }[]; attachments?: string[] };
  ask?: { text?: string; buttons?: { caption: string }[]; slot?: string };
  set_routing?: { line_id?: string; language?: string; skills?: string[]; priority?: number };
  set_slots?: Record<string, string>;
  set_topic?: { topic_id: string };
  present?: { article: string };
  hand_over?: { to?: string };
  close?: object;
  fail?: { reason: string };
}

/** What an agent was asked and what it answered. */
export interface TriedAgent {
  /** None if it was not asked. */
  sent?: unknown;
  status: number;
  answer: string;
  seconds: number;
  later: boolean;
  actions: AgentAction[];
  failure: '' | 'unreachable' | 'late' | 'too_large' | 'nonsense';
  why: string;
}

/** Asks an agent for once; nothing of it is done. An agent may take a minute. */
export const tryAgent = (id: string, text: string) => post<TriedAgent>(`${one('agents', id)}/try`, { text }, { patience: 70_000 });

/** What hours would come to, day by day. */
export interface HoursAhead {
  time_zone: string;
  open: boolean;
  changes_at?: string;
  days: { date: string; special: boolean; name: string; hours: { from: number; to: number }[] }[];
}

export const previewHours = (hours: CalendarFields & { center_id: string }) => post<HoursAhead>('/api/v1/hours/preview', hours);
