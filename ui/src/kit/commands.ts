/**
 * The one registry of what can be done: it feeds the shortcuts, the palette,
 * the tooltips and the sheet of keys. Combinations of the workspace are all
 * here, so that two cannot meet; a user's own ones are checked against them.
 */
import { useEffect } from 'react';
import { create } from 'zustand';
import { comboOf, isBrowsers, isSafe } from './combo';

/** The combinations of the workspace itself, by command. */
export const core = {
  'app.palette': 'Ctrl+KeyK',
  'app.keys': 'Ctrl+Slash',
  'work.previous': 'Alt+ArrowUp',
  'work.next': 'Alt+ArrowDown',
  'work.unanswered': 'Alt+KeyU',
  'work.send': 'Ctrl+Enter',
  'work.transfer': 'Alt+KeyT',
  'work.close': 'Alt+KeyQ',
  'work.topic': 'Alt+KeyM',
  'work.hold': 'Alt+KeyH',
  'work.knowledge': 'Alt+KeyB',
  'work.channel': 'Alt+KeyC',
  'work.panel': 'Alt+KeyR',
  'work.spelling': 'Alt+Enter',
  'kb.save': 'Alt+KeyS',
} as const;

export interface Command {
  id: string;
  label: string;
  group: string;
  /** Physical, as comboOf writes it. A core command has its own without being told. */
  combo?: string;
  run: () => void;
  /** Why it cannot be done now. */
  reason?: string;
  /** Not among the actions of the palette. */
  hidden?: boolean;
  /** Works while a dialog is open. */
  always?: boolean;
}

interface Registry {
  commands: Command[];
}

export const useRegistry = create<Registry>(() => ({ commands: [] }));

export function comboFor(command: Command): string | undefined {
  return command.combo ?? (core as Record<string, string>)[command.id];
}

export type Clash = { with: 'browser' | 'modifier' } | { with: 'command'; label: string };

/** What forbids a combination to a user: nothing, the browser, or who has it. */
export function clashOf(combo: string, exceptId = ''): Clash | null {
  if (!isSafe(combo)) return { with: 'modifier' };
  if (isBrowsers(combo)) return { with: 'browser' };
  const owner = useRegistry.getState().commands.find((c) => comboFor(c) === combo && c.id !== exceptId);
  if (owner) return { with: 'command', label: owner.label };
  const id = Object.entries(core).find(([id, c]) => c === combo && id !== exceptId)?.[0];
  return id ? { with: 'command', label: id } : null;
}

/** Adds commands; the answer takes them away. A newer command of the same id or combination is the one that works. */
export function register(commands: Command[]): () => void {
  useRegistry.setState((s) => ({ commands: [...s.commands, ...commands] }));
  return () => useRegistry.setState((s) => ({ commands: s.commands.filter((c) => !commands.includes(c)) }));
}

/** The commands of a component while it is there. The list must be memoised. */
export function useCommands(commands: Command[]): void {
  useEffect(() => register(commands), [commands]);
}

/** The present commands, the newest of each id. */
export function present(commands: Command[]): Command[] {
  return [...new Map(commands.map((c) => [c.id, c])).values()];
}

export function runCommand(id: string): void {
  const command = present(useRegistry.getState().commands).find((c) => c.id === id);
  if (command && !command.reason) command.run();
}

function dialogIsOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}

/** Runs what a key press stands for. */
export function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || event.getModifierState?.('AltGraph')) return;
  const combo = comboOf(event);
  if (!isSafe(combo)) return;
  const command = useRegistry.getState().commands.findLast((c) => comboFor(c) === combo);
  if (!command || (!command.always && dialogIsOpen())) return;
  event.preventDefault();
  if (!command.reason && !event.repeat) command.run();
}

/** Listens on the page; once, by the shell. */
export function useShortcuts(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
