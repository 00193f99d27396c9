/** Where one is in the log of acts: the filters and the open act are in the address. */
import { dayAt } from '../../kit/day';
import type { ActQuery } from '../../sync/audit';

export interface Place {
  open: number;
  by: string;
  acts: readonly string[];
  object: string;
  /** Days, as a date field writes them; an empty one is no bound. */
  from: string;
  to: string;
}

export const root = '/audit';

export const anywhere: Place = { open: 0, by: '', acts: [], object: '', from: '', to: '' };

export function placeOf(path: string, query: string): Place {
  const said = new URLSearchParams(query);
  const word = (name: string) => said.get(name) ?? '';
  return { open: Number(path.split('/')[2]) || 0, by: word('by'), acts: said.getAll('act'), object: word('object'), from: word('from'), to: word('to') };
}

export function addressOf({ open, acts, ...words }: Place): string {
  const said = new URLSearchParams(acts.map((act) => ['act', act]));
  for (const name of ['by', 'object', 'from', 'to'] as const) if (words[name]) said.set(name, words[name]);
  const query = said.toString();
  return root + (open ? `/${open}` : '') + (query && `?${query}`);
}

export const queryOf = ({ by, acts, object, from, to }: Place): ActQuery => ({ by, acts, object: object.trim(), from: dayAt(from), until: dayAt(to, 1) });

export const isFiltered = (p: Place) => p.by !== '' || p.acts.length > 0 || p.object !== '' || p.from !== '' || p.to !== '';

/** Where the thing of each kind of act is seen and set up; its id goes at the end. */
const pages: Record<string, string> = {
  conversation_watched: '/history/', conversation_reviewed: '/history/', conversation_queued: '/history/', slot_reserved: '/history/',
  article_put: '/knowledge/articles/', slot_put: '/knowledge/slots/', article_type_put: '/knowledge/types/',
  user_put: '/users/list/', user_invited: '/users/list/', invitation_withdrawn: '/users/list/', password_set: '/users/list/', factor_put: '/users/list/',
  factor_removed: '/users/list/', identity_linked: '/users/list/', identity_unlinked: '/users/list/', recovery_codes_set: '/users/list/',
  position_put: '/users/positions/', provider_put: '/users/providers/',
  center_put: '/organisation/centers/', line_put: '/organisation/lines/', language_put: '/organisation/languages/', skill_put: '/organisation/skills/',
  topic_put: '/topics/tree/', topic_moved: '/topics/tree/', template_put: '/topics/templates/', phrase_put: '/topics/phrases/',
  api_key_put: '/programs/keys/', webhook_put: '/programs/webhooks/', webhook_tested: '/programs/webhooks/', webhook_resent: '/programs/webhooks/',
  account_put: '/channels?open=', account_tested: '/channels?open=', agent_put: '/agents/list/', agent_tried: '/agents/list/', calendar_put: '/agents/hours/',
  settings_put: '/settings?center=',
};

/** The page of an act's thing; nothing for what has none. */
export function pageOf(act: string, object: string): string | undefined {
  const page = pages[act];
  return page && object ? page + encodeURIComponent(object) : undefined;
}

/** The page of who did it: a user, or a program by its key. */
export function authorPageOf(by: string): string | undefined {
  if (by === '' || by === '-' || by === 'setup') return undefined;
  return by.startsWith('key:') ? `/programs/keys/${encodeURIComponent(by.slice(4))}` : `/users/list/${encodeURIComponent(by)}`;
}
