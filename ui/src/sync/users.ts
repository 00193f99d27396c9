/** Users and positions, as administrators see them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Problem } from './problem';
import { queryClient } from './query';
import { del, get, patch, post, problemFrom, put, queryOf } from './rest';

/** What a user has and a position presets. */
export interface Grants {
  roles: string[];
  center_ids: string[];
  line_ids: string[];
  languages: string[];
  skills: string[];
}

export const grantLists = ['roles', 'center_ids', 'line_ids', 'languages', 'skills'] as const;
export type GrantList = (typeof grantLists)[number];

export interface UserFields extends Grants {
  login: string;
  first_name: string;
  last_name: string;
  position_id: string;
  capacity: number;
  disabled: boolean;
}

export interface UserEntry extends UserFields {
  user_id: string;
  has_password: boolean;
  revision: number;
  by: string;
  at: string;
}

export interface Position extends Grants {
  position_id: string;
  name: string;
  revision: number;
}

/** What an operator usually may do. */
export const operatorRoles: readonly string[] = [
  'login', 'change_password', 'view_client', 'view_clients', 'modify_clients', 'view_kb', 'view_deeplinking', 'view_reroute_btn',
  'view_helpdesk', 'modify_ext_id', 'send_files', 'send_pics', 'modify_user_dissatisfaction',
];

/** What is chosen from: an id and what people call it. */
export interface Choice {
  value: string;
  label: string;
}

/** Everything that the forms offer. */
export interface Organisation {
  positions: Position[];
  center_ids: Choice[];
  line_ids: Choice[];
  languages: Choice[];
  skills: Choice[];
}

export interface Asked {
  search: string;
  sort: string;
  from: number;
  limit: number;
}

export type Outcome = 'new' | 'changed' | 'same' | 'wrong';

/** What became of one user of many, or would. */
export interface UserOutcome {
  line: number;
  user_id: string;
  name: string;
  outcome: Outcome;
  faults: { field: string; detail: string }[];
  changes: { field: string; before: string; after: string }[];
  held: number;
}

export interface UsersChanged {
  dry_run: boolean;
  done: boolean;
  new: number;
  changed: number;
  wrong: number;
  items: UserOutcome[];
}

export interface ManyWish {
  users: { user_id: string; revision: number }[];
  position_id?: string;
  by_position?: { roles: boolean; places: boolean };
  add?: Partial<Grants>;
  remove?: Partial<Grants>;
  disabled?: boolean;
}

export interface UserView {
  user_id: string;
  signs_in: boolean;
  roles: string[];
  acts: { name: string; allowed: boolean }[];
  scope: { everywhere: boolean; nowhere: boolean; serves: boolean; center_ids: string[]; line_ids: string[]; languages: string[]; skills: string[] };
  open: { waiting: number; served: number; automatic: number };
  held: number;
  on_reception: boolean;
}

export interface NewInvitation {
  token: string;
  until: string;
  renewal: boolean;
}

export interface Invited {
  login: string;
  first_name: string;
  last_name: string;
  until: string;
  renewal: boolean;
}

interface List<T> {
  items: T[];
}

const key = ['users'];
const path = '/api/v1/users';
const one = (id: string) => `${path}/${encodeURIComponent(id)}`;
const changed = () => queryClient.invalidateQueries({ queryKey: key });

export const useUsers = ({ search, sort, from, limit }: Asked) =>
  useQuery({
    queryKey: [...key, 'list', search, sort, from, limit],
    queryFn: () => get<List<UserEntry> & { total: number }>(path, { search: search || undefined, sort: sort || undefined, from, limit }),
    placeholderData: keepPreviousData,
  });

export const useUser = (id: string) => useQuery({ queryKey: [...key, 'one', id], queryFn: () => get<UserEntry>(one(id)), enabled: id !== '' });
export const useUserView = (id: string) => useQuery({ queryKey: [...key, 'view', id], queryFn: () => viewAs(id), staleTime: 0 });
export const viewAs = (id: string) => get<UserView>(`${one(id)}/view`);

const named = (list: List<Record<string, unknown>>, id: string): Choice[] =>
  list.items.map((each) => ({ value: String(each[id]), label: String(each.name || each[id]) })).sort((a, b) => a.label.localeCompare(b.label, 'ru'));

async function organisation(): Promise<Organisation> {
  const of = (name: string) => get<List<Record<string, unknown>>>(`/api/v1/${name}`);
  const [positions, centers, lines, languages, skills] = await Promise.all([
    get<List<Position>>('/api/v1/positions'), of('centers'), of('lines'), of('languages'), of('skills'),
  ]);
  return {
    positions: positions.items, center_ids: named(centers, 'center_id'), line_ids: named(lines, 'line_id'),
    languages: named(languages, 'language'), skills: named(skills, 'skill'),
  };
}

export const useOrganisation = () => useQuery({ queryKey: [...key, 'organisation'], queryFn: organisation });

export async function putUser(id: string, wish: UserFields & { password?: string }, revision?: number): Promise<UserEntry> {
  const kept = await put<UserEntry>(one(id), { ...wish, revision });
  await changed();
  return kept;
}

export async function removeUser(id: string): Promise<void> {
  await del(one(id));
  await changed();
}

export async function changeUsers(wish: ManyWish, dryRun: boolean): Promise<UsersChanged> {
  const out = await patch<UsersChanged>(path, { ...wish, dry_run: dryRun }, { patience: 60_000 });
  if (out.done) await changed();
  return out;
}

export const inviteUser = (id: string) => post<NewInvitation>(`${one(id)}/invitation`);
export const invitedBy = (token: string) => post<Invited>('/api/v1/invitation', { token });
export const acceptInvitation = (token: string, password: string) => post<void>('/api/v1/invitation/password', { token, password });
/** The token stands where browsers keep it to themselves. */
export const invitationURL = (token: string) => `${location.origin}/invite#${token}`;

const position = (id: string) => `/api/v1/positions/${encodeURIComponent(id)}`;

export async function putPosition(id: string, wish: Grants & { name: string }, revision?: number): Promise<Position> {
  const kept = await put<Position>(position(id), { ...wish, revision });
  await changed();
  return kept;
}

export async function removePosition(id: string): Promise<void> {
  await del(position(id));
  await changed();
}

/** Spreadsheets in Russian part columns by semicolons. */
export const usersURL = (language: string, separator?: 'semicolon') => `/api/v1/export/users${queryOf({ language, separator })}`;

export interface Imported extends UsersChanged {
  /** Where the file is no table of users. */
  places: { line: number; field: string; detail: string }[];
}

export async function importUsers(file: File, dryRun: boolean): Promise<Imported> {
  const headers = { Accept: 'application/json', 'Content-Type': 'text/csv' };
  const answer = await fetch(`/api/v1/import/users${queryOf({ dry_run: dryRun })}`, { method: 'POST', headers, body: file, credentials: 'same-origin' }).catch(() => {
    throw new Problem({ kind: 'network' });
  });
  const said = (await answer.json().catch(() => null)) as Partial<Imported> | null;
  const places = said?.places ?? [];
  if (!answer.ok && places.length === 0) throw problemFrom(answer.status, said);
  const none = { dry_run: dryRun, done: false, new: 0, changed: 0, wrong: 0, items: [] };
  const out = { ...none, ...(answer.ok ? said : {}), places };
  if (out.done) await changed();
  return out;
}
