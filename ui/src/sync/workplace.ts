import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { camel } from './json';
import { get } from './rest';

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
  centers: { centerId: string; name: string }[];
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
    autoCapital: false, notifyAssign: true, fields: [], tabs: [], askDissatisfied: false,
  },
  phrases: [], templates: [], agents: [],
};

/** The workplace; the empty one until it has come. */
export function useWorkplace(): Workplace {
  return useWorkplaceQuery().data ?? emptyWorkplace;
}

/** The same with the states of a query: loading, error, refetch. */
export function useWorkplaceQuery() {
  return useQuery({ queryKey: ['workplace'], queryFn: readWorkplace, staleTime: 60_000 }, queryClient);
}

async function readWorkplace(): Promise<Workplace> {
  const told = camel(await get<unknown>('/api/v1/workplace')) as Partial<Workplace>;
  const settings = { ...emptyWorkplace.settings, ...told.settings };
  return { ...emptyWorkplace, ...told, settings };
}

/** Where this conversation may go, asked anew whenever the dialog opens. */
export async function transferTargets(conversationId: string): Promise<TransferTargets> {
  const told = camel(await get<unknown>('/api/v1/workplace/transfer', { conversation: conversationId }));
  return { lines: [], operators: [], languages: [], skills: [], ...(told as Partial<TransferTargets>) };
}
