/**
 * What each step makes. Every step reads first what is there, so that one that
 * failed halfway goes on where it stopped and makes nothing twice.
 */
import { Problem, problemOf, put } from '../../sync';
import { operatorRoles } from '../../sync/users';
import { freshId } from './ids';
import { begunOf, readKept, type Begun, type Channel, type Kept, type Person } from './kept';

export interface CenterWish {
  name: string;
  timeZone: string;
  line: string;
}

export interface OperatorWish {
  firstName: string;
  lastName: string;
  login: string;
}

export interface WidgetWish {
  name: string;
  accent: string;
  greeting: string;
}

/** Conversations at once. */
export const CAPACITY = 5;

/** Puts a thing; one that is there is replaced as it was read. What is refused is named as the form calls it. */
async function keep<T>(path: string, body: object, old: { revision: number } | undefined, names: Record<string, string> = {}): Promise<T> {
  try {
    return await put<T>(`/api/v1/${path}`, body, old && { ifMatch: old.revision });
  } catch (thrown) {
    const { status, kind, field, title, detail } = problemOf(thrown);
    throw new Problem({ status, kind, title, detail, field: names[field] ?? field });
  }
}

export async function saveCenter(wish: CenterWish): Promise<void> {
  const kept = await readKept();
  const { center, line } = begunOf(kept);
  const name = wish.name.trim();
  const centerId = center?.center_id ?? freshId(name, kept.centers.map((c) => c.center_id), 'main');
  await keep(`centers/${centerId}`, { name, time_zone: wish.timeZone }, center, { time_zone: 'timeZone' });
  const lineId = line?.line_id ?? freshId(wish.line, kept.lines.map((l) => l.line_id), 'line');
  await keep(`lines/${encodeURIComponent(lineId)}`, { name: wish.line.trim(), center_id: centerId }, line, { name: 'line' });
}

/** A step that needs the center and its line. */
function placeOf(kept: Kept): Required<Pick<Begun, 'center' | 'line'>> & Begun {
  const begun = begunOf(kept);
  const { center, line } = begun;
  if (!center || !line) throw new Problem({ kind: 'conflict', status: 409 });
  return { ...begun, center, line };
}

/** A new operator. tried is the login of an earlier try of the same form, whose answer may have been lost. */
export async function saveOperator(wish: OperatorWish, password: string, tried: string): Promise<void> {
  const kept = await readKept();
  const { center, line } = placeOf(kept);
  const login = wish.login.trim();
  const same = kept.users.find((user) => user.login.toLowerCase() === login.toLowerCase());
  if (same && same.has_password && tried !== login) throw new Problem({ kind: 'invalid', status: 422, field: 'login' });
  const userId = same?.user_id ?? freshId(login, kept.users.map((u) => u.user_id), 'operator');
  const body = {
    login, password, first_name: wish.firstName.trim(), last_name: wish.lastName.trim(), position_id: '', roles: operatorRoles,
    center_ids: [center.center_id], line_ids: [line.line_id], languages: [], skills: [], capacity: CAPACITY, disabled: false,
  };
  await keep(`users/${userId}`, body, same, { first_name: 'firstName', last_name: 'lastName' });
}

/** The administrator serves the line too, and keeps what they have. */
export async function saveMyself(userId: string): Promise<void> {
  const kept = await readKept();
  const { center, line } = placeOf(kept);
  const me = kept.users.find((user) => user.user_id === userId);
  if (!me) throw new Problem({ kind: 'not_found', status: 404 });
  await keep(`users/${userId}`, asOperator(me, center.center_id, line.line_id), me);
}

/** Who has no centers of their own sees every one, and is given none. */
export function asOperator(me: Person, centerId: string, lineId: string): object {
  const joined = (list: readonly string[], ...more: readonly string[]) => [...new Set([...list, ...more])];
  return {
    login: me.login, first_name: me.first_name, last_name: me.last_name, position_id: me.position_id,
    roles: joined(me.roles, ...operatorRoles),
    center_ids: me.center_ids.length > 0 ? joined(me.center_ids, centerId) : [],
    line_ids: joined(me.line_ids, lineId),
    languages: me.languages, skills: me.skills, capacity: me.capacity || CAPACITY, disabled: me.disabled,
  };
}

/** The widget of a site. Answers with the secret of a new one, which is told this once. */
export async function saveWidget(wish: WidgetWish, language: string): Promise<string> {
  const kept = await readKept();
  const { center, line, widget } = placeOf(kept);
  const name = wish.name.trim();
  const id = widget?.account_id ?? freshId(name, kept.accounts.map((a) => a.account_id), 'site');
  const body = {
    kind: 'widget', name, center_id: center.center_id, routing: widget?.routing ?? { line_id: line.line_id },
    settings: settingsWith(widget, wish, language), disabled: false,
  };
  const names = { 'settings.accent': 'accent', 'settings.texts': 'greeting' };
  const { signing = '' } = await keep<{ signing?: string }>(`accounts/${id}`, body, widget, names);
  return signing;
}

/** What else was set for the widget stays. */
function settingsWith(widget: Channel | undefined, wish: WidgetWish, language: string): object {
  const { texts = {}, ...others } = widget?.settings ?? {};
  return {
    ...others,
    accent: wish.accent.toLowerCase(),
    texts: { ...texts, [language]: { ...texts[language], greeting: wish.greeting.trim() } },
  };
}
