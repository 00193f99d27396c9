import { create } from 'zustand';
import { startDesk, stopDesk } from './desk';
import { disk } from './disk';
import { closeDrafts, flushDrafts, openDrafts } from './drafts';
import { camel } from './json';
import { closePreferences, openPreferences } from './preferences';
import { Problem, problemOf } from './problem';
import { queryClient } from './query';
import { del, get, onUnauthorised, post } from './rest';
import { useWorkspace } from './store';
import type { User } from './workplace';

export interface Session {
  /** null when nobody is signed in. */
  user: User | null;
  roles: Set<string>;
  /** The server has said who is signed in, or that nobody is. */
  ready: boolean;
  /** Why the server could not say it; it is asked again by itself. */
  error: Problem | null;
  may(role: string): boolean;
  /** Rejects with a Problem: status 401 for a wrong login or password, 429 for too many attempts. */
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** A second step is due: there is no session yet. */
  step: Step | null;
  /** Nothing can be done before a second factor is set up. */
  enrol: boolean;
}

export interface Step {
  token: string;
  ways: string[];
}

const path = '/api/v1/session';
/** How long to wait before asking again who is signed in. */
const again = 3_000;

const useStore = create<Session>(() => ({
  user: null, roles: new Set<string>(), ready: false, error: null, may: () => false, signIn, signOut, step: null, enrol: false,
}));

let asked = false;

/** Who is signed in. The desk's socket opens and closes with it. */
export function useSession(): Session {
  if (!asked) {
    asked = true;
    void recognise();
    onUnauthorised(nobody);
    useWorkspace.subscribe(({ connection }, before) => {
      if (connection === 'signedOut' && before.connection !== 'signedOut') nobody();
    });
  }
  return useStore();
}

/** Asks who is signed in already, until the server can say. */
export async function recognise(): Promise<void> {
  try {
    signedIn(await get<Told>(path));
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem.status === 401) return nobody();
    useStore.setState({ error: problem });
    setTimeout(() => void recognise(), again);
  }
}

async function signIn(login: string, password: string): Promise<void> {
  signedIn(await post<Told>(path, { login, password }));
}

async function signOut(): Promise<void> {
  await flushDrafts();
  await del(path).catch((thrown) => {
    if (problemOf(thrown).status !== 401) throw thrown;
  });
  await disk().clear();
  nobody();
}

export interface Told {
  user?: Record<string, unknown>;
  step?: Step;
  enrol?: boolean;
}

/** Goes on after the answer to any sign-in: with a session, or with what is still due. */
export function signedIn(told: Told): void {
  const { step = null, enrol = false } = told;
  useStore.setState({ step, enrol });
  if (enrol) useStore.setState({ ready: true, error: null });
  else if (!step) enter(userOf(told));
}

/** Leaves the second step: the first one is to be made again. */
export const stepBack = () => useStore.setState({ step: null });

function userOf(told: Told): User {
  const user = camel(told.user) as Partial<User>;
  return {
    userId: '', login: '', firstName: '', lastName: '', positionId: '', capacity: 0, ...user,
    roles: user.roles ?? [], centerIds: user.centerIds ?? [], lineIds: user.lineIds ?? [],
    languages: user.languages ?? [], skills: user.skills ?? [],
  };
}

function enter(user: User): void {
  const roles = new Set(user.roles);
  const before = useStore.getState().user;
  useStore.setState({ user, roles, ready: true, error: null, may: (role) => roles.has(role) });
  if (before?.userId === user.userId) return;
  void openDrafts(user.userId);
  void openPreferences(user.userId);
  startDesk(user.userId);
}

/** Nobody is signed in, or not any more: nothing of the last user stays on the page. */
function nobody(): void {
  const had = useStore.getState().user !== null;
  useStore.setState({ user: null, roles: new Set(), ready: true, error: null, may: () => false, enrol: false });
  if (!had) return;
  stopDesk('signedOut');
  closeDrafts();
  closePreferences();
  queryClient.clear();
}
