import { create } from 'zustand';
import { disk } from './disk';
import { problemOf } from './problem';
import { exchange } from './rest';

/** What a user has chosen for themselves. The server keeps it, whatever the names. */
export interface Preferences {
  /** Which key sends; the other one with Enter makes a new line. */
  sendKey: 'ctrlEnter' | 'enter';
  soundAssigned: boolean;
  soundMessage: boolean;
  notifyAssigned: boolean;
  notifyMessage: boolean;
  /** Key combinations by template id. */
  hotkeys: Record<string, string>;
  /** The right panel is open. */
  sidePanel: boolean;
  /** The language and the light; none if nobody has chosen. */
  locale?: 'ru' | 'en';
  colorScheme?: 'light' | 'dark' | 'auto';
  [name: string]: unknown;
}

const defaults: Preferences = {
  sendKey: 'ctrlEnter', soundAssigned: true, soundMessage: true, notifyAssigned: false, notifyMessage: false,
  hotkeys: {}, sidePanel: true,
};

const path = '/api/v1/me/preferences';
/** Changes that follow each other closely go to the server as one. */
const silence = 500;

const useStore = create<Preferences>(() => defaults);

let user = '';
let etag = '';
/** What was changed here and is not at the server yet. */
let unsaved: Partial<Preferences> = {};
let isLocal = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The user's preferences; a change shows at once. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  return [useStore(), changePreferences];
}

export function changePreferences(change: Partial<Preferences>): void {
  unsaved = { ...unsaved, ...change };
  show({ ...useStore.getState(), ...change });
  clearTimeout(timer);
  timer = setTimeout(() => void save(), silence);
}

function show(next: Preferences): void {
  useStore.setState(next, true);
  if (user) void disk().put('preferences', user, next);
}

/** Takes up what this browser remembers, and then what the server has. */
export async function openPreferences(id: string): Promise<void> {
  closePreferences();
  user = id;
  const kept = (await disk().all<Preferences>('preferences')).get(id);
  if (user !== id) return;
  if (kept) useStore.setState({ ...defaults, ...kept, ...unsaved }, true);
  await read().catch((thrown) => {
    if (problemOf(thrown).status === 404) isLocal = true;
  });
}

async function read(): Promise<void> {
  const id = user;
  const told = await exchange<Partial<Preferences> | undefined>('GET', path);
  if (user !== id) return;
  etag = told.etag;
  show({ ...defaults, ...told.value, ...unsaved });
}

/** A change made elsewhere meanwhile is read first, and ours is put on top of it. */
async function save(): Promise<void> {
  const id = user;
  if (isLocal || !id) return;
  const saving = unsaved;
  try {
    const told = await exchange<unknown>('PUT', path, useStore.getState(), { ifMatch: etag || undefined });
    if (user !== id) return;
    etag = told.etag || etag;
    unsaved = Object.fromEntries(Object.entries(unsaved).filter(([name, value]) => saving[name] !== value));
  } catch (thrown) {
    await refused(thrown);
  }
}

async function refused(thrown: unknown): Promise<void> {
  const problem = problemOf(thrown);
  if (problem.status === 404) isLocal = true;
  else if (problem.kind === 'conflict') await read().then(later, () => undefined);
  else if (problem.isPassing) later();
}

function later(): void {
  clearTimeout(timer);
  if (user) timer = setTimeout(() => void save(), 20 * silence);
}

export function closePreferences(): void {
  clearTimeout(timer);
  timer = undefined;
  user = '';
  etag = '';
  unsaved = {};
  isLocal = false;
  useStore.setState(defaults, true);
}
