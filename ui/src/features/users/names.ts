/** What ids are called. */
import type { GrantList, Organisation, UserEntry } from '../../sync/users';

export const fullName = (u: Pick<UserEntry, 'last_name' | 'first_name' | 'login'>) => [u.last_name, u.first_name].filter(Boolean).join(' ') || u.login;

export const positionName = (o: Organisation, id: string) => o.positions.find((p) => p.position_id === id)?.name || id;

export function namesOf(o: Organisation, list: Exclude<GrantList, 'roles'>, ids: readonly string[]): string[] {
  const names = new Map(o[list].map(({ value, label }) => [value, label]));
  return ids.map((id) => names.get(id) ?? id);
}
