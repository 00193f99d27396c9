/**
 * What the organisation consists of, as administrators see it: centers, lines,
 * languages, skills, topics and the words for them. It is loaded with its pages.
 */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from './query';
import { del, get, patch, post, put } from './rest';

export interface Center {
  center_id: string;
  name: string;
  time_zone: string;
  calendar_id: string;
  revision: number;
}

export interface Line {
  line_id: string;
  name: string;
  center_id: string;
  calendar_id: string;
  revision: number;
}

export interface Language {
  language: string;
  name: string;
  revision: number;
}

export interface Skill {
  skill: string;
  name: string;
  revision: number;
}

export interface Topic {
  topic_id: string;
  name: string;
  parent_id: string;
  archived: boolean;
  /** Among those of one parent, from 1; 0 was never placed. */
  place: number;
  revision: number;
}

/** For whom words are; an empty field is everybody. */
export interface For {
  center_id: string;
  line_id: string;
  language: string;
}

export interface Template extends For {
  template_id: string;
  title: string;
  text: string;
  revision: number;
}

export interface Phrase extends For {
  phrase_id: string;
  text: string;
  revision: number;
}

export interface Tab {
  tab_id: string;
  title: string;
  url: string;
  /** Of the key that {context} is signed with. */
  turn?: number;
}

/** Of a center, or of all if center_id is empty. */
export interface TabSettings {
  center_id: string;
  /** Left out if it is the whole organisation's. */
  integration?: { tabs?: Tab[] };
  in_force: { integration?: { tabs?: Tab[] } };
  revision: number;
}

export interface Use {
  kind: string;
  id: string;
  name: string;
}

/** What refers to a part of the organisation. */
export interface Used {
  kind: 'center' | 'line' | 'language' | 'skill' | 'topic';
  id: string;
  by: Use[];
  conversations: number;
}

export interface Organisation {
  centers: Center[];
  lines: Line[];
  languages: Language[];
  skills: Skill[];
  topics: Topic[];
  templates: Template[];
  phrases: Phrase[];
  calendars: { calendar_id: string; name: string }[];
  settings: TabSettings[];
  uses: Used[];
}

const key = ['organisation'];
const v1 = '/api/v1';

async function read(): Promise<Organisation> {
  const all = async <T>(name: string) => (await get<{ items: T[] }>(`${v1}/${name}`)).items;
  const [centers, lines, languages, skills, topics, templates, phrases, calendars, settings, uses] = await Promise.all([
    all<Center>('centers'), all<Line>('lines'), all<Language>('languages'), all<Skill>('skills'), all<Topic>('topics'), all<Template>('templates'),
    all<Phrase>('phrases'), all<{ calendar_id: string; name: string }>('calendars'), all<TabSettings>('settings'), all<Used>('uses'),
  ]);
  return { centers, lines, languages, skills, topics, templates, phrases, calendars, settings, uses };
}

export const useOrganisation = () => useQuery({ queryKey: key, queryFn: read });

export type Collection = 'centers' | 'lines' | 'languages' | 'skills' | 'topics' | 'templates' | 'phrases';
const one = (kind: Collection, id: string) => `${v1}/${kind}/${encodeURIComponent(id)}`;

/** The work page shows the same names. */
async function changed(): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: key }), queryClient.invalidateQueries({ queryKey: ['workplace'] })]);
}

async function then<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } finally {
    await changed();
  }
}

/** Makes an entry, or replaces the one of the revision. */
export const putEntry = <T>(kind: Collection, id: string, fields: object, revision?: number) => then(put<T>(one(kind, id), { ...fields, revision }));

/** A topic is archived by this, and not taken out. */
export const removeEntry = (kind: Collection, id: string) => then(del(one(kind, id)));

export const removeTopicForGood = (id: string) => then(del(`${one('topics', id)}?for_good=true`));

/** Puts a topic under another, or at the top, in front of one that is there or behind all. */
export const moveTopic = (id: string, parent: string, before: string, revision: number) =>
  then(post<Topic>(`${one('topics', id)}/move`, { parent_id: parent, before, revision }));

/** Gives a center tabs of its own, or with none at all those of the whole organisation. */
export function putTabs({ center_id, revision }: TabSettings, tabs: Tab[] | undefined): Promise<unknown> {
  const change = tabs ? { set: { 'integration.tabs': tabs } } : { unset: ['integration.tabs'] };
  return then(patch(`${v1}/settings/${encodeURIComponent(center_id || 'default')}`, { ...change, revision }));
}
