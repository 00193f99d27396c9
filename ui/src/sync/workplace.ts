import { QueryObserver, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { queryClient } from './query';
import { camel } from './json';
import type { Ask } from './model';
import { get } from './rest';
import { list, object, words } from './wire';

/** A user as the server shows one to themselves. */
export interface User {
  userId: string;
  login: string;
  firstName: string;
  lastName: string;
  positionId: string;
  roles: string[];
  centerIds: string[];
  lineIds: string[];
  languages: string[];
  skills: string[];
  capacity: number;
}

export interface Topic {
  topicId: string;
  name: string;
  parentId: string;
  archived: boolean;
}

export interface Account {
  accountId: string;
  kind: string;
  name: string;
  centerId: string;
  /** A customer can be written to there by an identifier alone, such as a phone number. */
  byIdentifier: boolean;
  abilities?: Abilities;
}

/** What an account's channel can do. */
export interface Abilities {
  /** What a customer can be asked for by a button. */
  asks: Ask[];
  /** Hours after the customer's last message in which an answer may be sent; 0 for always. */
  window: number;
}

export interface CustomField {
  name: string;
  label: string;
  kind: 'text' | 'phone' | 'email' | 'number' | 'date';
  required: boolean;
}

export interface TimerMark {
  seconds: number;
  tone: 'warning' | 'danger';
}

export interface WorkSettings {
  timer: { count: 'up' | 'down'; minutes: number; marks: TimerMark[] };
  autoCapital: boolean;
  notifyAssign: boolean;
  fields: CustomField[];
  tabs: { tabId: string; title: string; url: string }[];
  askDissatisfied: boolean;
  spellCheck: boolean;
  /** No message goes with a word that is wrong. */
  forbidErrors: boolean;
}

/** Everything that any operator needs beside the conversations themselves. */
export interface Workplace {
  user: User;
  operators: { userId: string; name: string }[];
  topics: Topic[];
  lines: { lineId: string; name: string; centerId: string }[];
  languages: { languageId: string; name: string }[];
  skills: { skillId: string; name: string }[];
  accounts: Account[];
  centers: { centerId: string; name: string; timeZone: string; settings: WorkSettings }[];
  /** Of the own center; of the whole organisation for who has several. See settingsOf. */
  settings: WorkSettings;
  phrases: { phraseId: string; text: string }[];
  templates: { templateId: string; title: string; text: string }[];
  agents: { agentId: string; name: string }[];
}

/** Where a conversation may be transferred to. */
export interface TransferTargets {
  lines: { lineId: string; name: string; free: number; waiting: number }[];
  operators: { userId: string; name: string; presence: string; free: number }[];
  languages: { languageId: string; name: string }[];
  skills: { skillId: string; name: string }[];
}

/** What is shown until the workplace has come, and where the server tells less. */
export const emptyWorkplace: Workplace = {
  user: {
    userId: '', login: '', firstName: '', lastName: '', positionId: '',
    roles: [], centerIds: [], lineIds: [], languages: [], skills: [], capacity: 0,
  },
  operators: [], topics: [], lines: [], languages: [], skills: [], accounts: [], centers: [],
  settings: {
    timer: { count: 'down', minutes: 5, marks: [{ seconds: 60, tone: 'warning' }, { seconds: 0, tone: 'danger' }] },
    autoCapital: false, notifyAssign: true, fields: [], tabs: [], askDissatisfied: false, spellCheck: false, forbidErrors: false,
  },
  phrases: [], templates: [], agents: [],
};

/** The workplace; the empty one until it has come. */
export function useWorkplace(): Workplace {
  return useSyncExternalStore(listen, present);
}

const query = { queryKey: ['workplace'], queryFn: readWorkplace, staleTime: 60_000 };

/** The same with the states of a query: loading, error, refetch. */
export function useWorkplaceQuery() {
  return useQuery(query, queryClient);
}

/** Asks for the workplace anew if it is no longer fresh. */
export function refreshWorkplace(): void {
  void queryClient.prefetchQuery(query);
}

/** Every row of a thread asks for the workplace: all of them share one observer of it. */
const listeners = new Set<() => void>();
let forget: (() => void) | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  forget ??= new QueryObserver(queryClient, query).subscribe(() => listeners.forEach((each) => each()));
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    forget?.();
    forget = undefined;
  };
}

function present(): Workplace {
  return queryClient.getQueryData<Workplace>(query.queryKey) ?? emptyWorkplace;
}

async function readWorkplace(): Promise<Workplace> {
  const told = camel(await get<unknown>('/api/v1/workplace')) as Partial<Workplace>;
  const settings = { ...emptyWorkplace.settings, ...told.settings };
  return { ...emptyWorkplace, ...told, ...namesOf(told), settings };
}

/** What holds in a center: the mark of a conversation's timer, the fields of its form. */
export function settingsOf(workplace: Workplace, centerId: string): WorkSettings {
  const center = workplace.centers.find((each) => each.centerId === centerId);
  return center?.settings ?? workplace.settings;
}

/** Where this conversation may go, asked anew whenever the dialog opens. */
export async function transferTargets(conversationId: string): Promise<TransferTargets> {
  const told = camel(await get<unknown>('/api/v1/workplace/transfer', { conversation: conversationId }));
  const { lines = [], operators = [] } = told as Partial<TransferTargets>;
  return { lines, operators, ...namesOf(told) };
}

/** Languages and skills have their ids in a field of the same name on the wire. */
function namesOf(told: unknown): Pick<Workplace, 'languages' | 'skills'> {
  const { languages, skills } = object(told);
  return {
    languages: list(languages, object).map((each) => ({ languageId: words(each.language), name: words(each.name) })),
    skills: list(skills, object).map((each) => ({ skillId: words(each.skill), name: words(each.name) })),
  };
}
