/** What the server has already: each step finds out from it whether it is done. */
import { useQuery } from '@tanstack/react-query';
import { get, queryClient } from '../../sync';

export interface Center {
  center_id: string;
  name: string;
  time_zone: string;
  revision: number;
}

export interface Line {
  line_id: string;
  name: string;
  center_id: string;
  revision: number;
}

export interface Person {
  user_id: string;
  login: string;
  first_name: string;
  last_name: string;
  position_id: string;
  roles: string[];
  center_ids: string[];
  line_ids: string[];
  languages: string[];
  skills: string[];
  capacity: number;
  disabled: boolean;
  has_password: boolean;
  revision: number;
}

export interface WidgetSettings {
  accent?: string;
  texts?: Record<string, Record<string, string>>;
  [other: string]: unknown;
}

export interface Channel {
  account_id: string;
  kind: string;
  name: string;
  center_id: string;
  routing?: Record<string, unknown>;
  settings?: WidgetSettings;
  disabled: boolean;
  revision: number;
}

export interface Kept {
  centers: Center[];
  lines: Line[];
  users: Person[];
  accounts: Channel[];
}

/** The beginning of a contact center, as far as it is there. */
export interface Begun {
  center?: Center;
  line?: Line;
  /** Who can sign in and serves the line. */
  operators: Person[];
  widget?: Channel;
}

export type StepName = 'center' | 'operator' | 'widget';
export const steps: readonly StepName[] = ['center', 'operator', 'widget'];

async function all<T>(collection: string): Promise<T[]> {
  return (await get<{ items: T[] }>(`/api/v1/${collection}`)).items;
}

export async function readKept(): Promise<Kept> {
  const [centers, lines, users, accounts] = await Promise.all([
    all<Center>('centers'), all<Line>('lines'), all<Person>('users'), all<Channel>('accounts'),
  ]);
  return { centers, lines, users, accounts };
}

export function begunOf({ centers, lines, users, accounts }: Kept): Begun {
  const center = centers[0];
  const line = lines.find((each) => each.center_id === center?.center_id);
  const serves = (user: Person) => line !== undefined && user.line_ids.includes(line.line_id);
  return {
    center, line,
    operators: users.filter((user) => !user.disabled && user.has_password && serves(user)),
    widget: accounts.find((each) => each.kind === 'widget' && !each.disabled && each.center_id === center?.center_id),
  };
}

export function isDone(step: StepName, begun: Begun): boolean {
  switch (step) {
    case 'center': return begun.center !== undefined && begun.line !== undefined;
    case 'operator': return begun.operators.length > 0;
    case 'widget': return begun.widget !== undefined;
  }
}

/** The first step after this one that is not done. */
export function nextStep(begun: Begun, after?: StepName): StepName | 'done' {
  const rest = after ? steps.slice(steps.indexOf(after) + 1) : steps;
  return rest.find((step) => !isDone(step, begun)) ?? 'done';
}

const queryKey = ['welcome'];

/** Always as the server has it now: it may have been changed elsewhere. */
export function useKept() {
  return useQuery({ queryKey, queryFn: readKept, staleTime: 0 }, queryClient);
}

/** The screens that show what was set up read it again. */
export function showAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['workplace'] });
}
