/** Why a conversation went to somebody, as what is to be said about it. */
import type { Key } from '../../i18n';
import type { Verdict, Verdicts } from '../../sync';

const rules: Record<string, Key> = {
  wanted: 'card.why.rule.wanted',
  affinity: 'card.why.rule.affinity',
  least_loaded: 'card.why.rule.least_loaded',
  longest_idle: 'card.why.rule.longest_idle',
  only_one: 'card.why.rule.only_one',
  none: 'card.why.rule.none',
  offered: 'card.why.rule.offered',
};

const exclusions: Record<string, Key> = {
  line: 'card.why.not.line',
  language: 'card.why.not.language',
  skill: 'card.why.not.skill',
  not_online: 'card.why.not.not_online',
  full: 'card.why.not.full',
  not_wanted: 'card.why.not.not_wanted',
  avoided: 'card.why.not.avoided',
  declined: 'card.why.not.declined',
};

/** The rule by which somebody won, or nobody did. */
export function ruleText(rule: string, forced = false): Key {
  return forced ? 'card.why.rule.forced' : (rules[rule] ?? 'card.why.rule.unknown');
}

/** The rule by which somebody was not considered. */
export function exclusionText(rule: string): Key {
  return exclusions[rule] ?? 'card.why.not.unknown';
}

/** Those of a line who were not given the conversation, the full ones apart. */
export function parted(verdict: Verdict): { full: Verdict['excluded']; others: Verdict['excluded'] } {
  const some = verdict.excluded.filter((each) => each.count > 0);
  return { full: some.filter((each) => each.rule === 'full'), others: some.filter((each) => each.rule !== 'full') };
}

export interface Told {
  verdict: Verdict;
  /** When; 0 for now. */
  at: number;
  forced: boolean;
}

/**
 * The verdict that a line of the thread stands for: of the assignment at that
 * time, or, for none, of the present: why it waits, or the latest assignment.
 */
export function verdictAt(all: Verdicts, at?: number): Told | null {
  const given = all.items.find((each) => each.at === at) ?? (at === undefined && all.now ? undefined : all.items.at(-1));
  if (given) return given;
  return all.now ? { verdict: all.now, at: 0, forced: false } : null;
}
