/** Which agents a conversation passes, and who said so. */
import type { Agency, AgentAccount, Settings } from '../../../sync/agents';

/** Its own list, none at all, or that of whatever is above. */
export type Source = 'own' | 'none' | 'above';

/** A place that has a chain: all, a center, a channel. */
export type Spot =
  | { of: 'all'; key: string; settings: Settings }
  | { of: 'center'; key: string; settings: Settings }
  | { of: 'account'; key: string; account: AgentAccount };

const blank = (center_id: string): Settings => ({ center_id, in_force: {}, revision: 0 });
const settingsOf = (agency: Agency, center: string) => agency.settings.find((s) => s.center_id === center) ?? blank(center);

/** Everybody's chain, then each center with the channels of it. */
export function spotsOf(agency: Agency): Spot[] {
  const center = (id: string): Spot[] => [
    { of: 'center', key: `center-${id}`, settings: settingsOf(agency, id) },
    ...agency.accounts.filter((a) => a.center_id === id).map((account): Spot => ({ of: 'account', key: `account-${account.account_id}`, account })),
  ];
  return [{ of: 'all', key: 'all', settings: settingsOf(agency, '') }, ...agency.centers.flatMap((c) => center(c.center_id))];
}

/** The list that was written down for the place itself. */
export const ownOf = (spot: Spot): string[] => (spot.of === 'account' ? spot.account.agents : (spot.settings.policy?.agents ?? []));

export function sourceOf(spot: Spot): Source {
  const own = ownOf(spot);
  const says = spot.of === 'account' ? spot.account.own_agents : !!spot.settings.own_agents || own.length > 0;
  if (says || spot.of === 'all') return own.length > 0 ? 'own' : 'none';
  return 'above';
}

/** What holds above a place. */
export function aboveOf(agency: Agency, spot: Spot): string[] {
  if (spot.of === 'all') return [];
  if (spot.of === 'center') return settingsOf(agency, '').policy?.agents ?? [];
  return settingsOf(agency, spot.account.center_id).in_force.policy?.agents ?? [];
}

export const inForce = (agency: Agency, spot: Spot) => (sourceOf(spot) === 'above' ? aboveOf(agency, spot) : ownOf(spot));

/** How long an agent may be silent if nobody says otherwise, in seconds. */
const usualTimeout = 60;

/** What holds above for words and time: the organisation's for a center, the built-in ones for all. */
export function wordsAbove(agency: Agency, spot: Spot): string[] {
  const all = settingsOf(agency, '');
  return spot.of === 'all' && all.policy?.person_words?.length ? [] : (all.in_force.policy?.person_words ?? []);
}

export function timeoutAbove(agency: Agency, spot: Spot): number {
  const told = spot.of === 'center' ? settingsOf(agency, '').in_force.policy?.agent_timeout : undefined;
  return told ? Number.parseFloat(told) : usualTimeout;
}

/** What is entered about a chain. */
export interface Values {
  source: Source;
  agents: string[];
  /** One in a line. */
  words: string;
  /** Seconds. */
  timeout: string;
}

export function valuesOf(spot: Spot): Values {
  const { person_words = [], agent_timeout } = spot.of === 'account' ? {} : (spot.settings.policy ?? {});
  return { source: sourceOf(spot), agents: ownOf(spot), words: person_words.join('\n'), timeout: agent_timeout ? String(Number.parseFloat(agent_timeout)).replace('.', ',') : '' };
}
