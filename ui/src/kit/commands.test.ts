import { afterEach, describe, expect, it, vi } from 'vitest';
import { comboOf, isBrowsers, isSafe, showCombo } from './combo';
import { clashOf, core, onKey, register, useRegistry, type Command } from './commands';

const press = (code: string, key: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent('keydown', { code, key, cancelable: true, ...more });

const command = (id: string, more: Partial<Command> = {}): Command => ({ id, label: id, group: 'g', run: vi.fn(), ...more });

afterEach(() => {
  useRegistry.setState({ commands: [] });
  document.body.replaceChildren();
});

describe('combinations', () => {
  it('of the workspace meet neither each other nor the browser, and all have a modifier', () => {
    const all = Object.values(core);
    expect(new Set(all).size).toBe(all.length);
    // Ctrl+K is the browser's address line in some; the palette takes it as all workspaces do.
    expect(all.filter((c) => isBrowsers(c))).toEqual([]);
    expect(all.filter((c) => !isSafe(c))).toEqual([]);
  });

  it('are told by the physical key', () => {
    expect(comboOf(press('KeyK', 'л', { ctrlKey: true }))).toBe('Ctrl+KeyK');
    expect(comboOf(press('ControlLeft', 'Control', { ctrlKey: true }))).toBe('');
    expect(comboOf(press('KeyK', 'k', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+KeyK');
    expect(showCombo('Alt+ArrowUp')).toBe('Alt + ↑');
  });

  it.each(['Ctrl+KeyN', 'Ctrl+KeyT', 'Ctrl+KeyW', 'Alt+F4', 'F5', 'Ctrl+KeyC', 'Ctrl+KeyV'])('%s is the browser’s', (combo) => {
    expect(isBrowsers(combo)).toBe(true);
  });
});

describe('a key press', () => {
  it('runs its command in the Russian layout', () => {
    const close = command('work.close');
    register([close]);
    const event = press('KeyQ', 'й', { altKey: true });
    onKey(event);
    expect(close.run).toHaveBeenCalledOnce();
    expect(event.defaultPrevented).toBe(true);
  });

  it('is left alone while a word is composed, by AltGr, and without a modifier', () => {
    const c = command('x', { combo: 'Ctrl+Alt+KeyQ' });
    const plain = command('y', { combo: 'Shift+KeyA' });
    register([c, plain]);
    onKey(press('KeyQ', '@', { ctrlKey: true, altKey: true, isComposing: true }));
    const altGr = press('KeyQ', '@', { ctrlKey: true, altKey: true });
    vi.spyOn(altGr, 'getModifierState').mockImplementation((m) => m === 'AltGraph');
    onKey(altGr);
    onKey(press('KeyA', 'A', { shiftKey: true }));
    expect(c.run).not.toHaveBeenCalled();
    expect(plain.run).not.toHaveBeenCalled();
  });

  it('does nothing behind a dialog, but for what works always', () => {
    const close = command('work.close');
    const palette = command('app.palette', { always: true });
    register([close, palette]);
    document.body.innerHTML = '<div role="dialog" aria-modal="true"></div>';
    onKey(press('KeyQ', 'q', { altKey: true }));
    onKey(press('KeyK', 'k', { ctrlKey: true }));
    expect(close.run).not.toHaveBeenCalled();
    expect(palette.run).toHaveBeenCalledOnce();
  });

  it('does nothing for a command that cannot be done, and goes to nobody else', () => {
    const close = command('work.close', { reason: 'нет обращения' });
    register([close]);
    const event = press('KeyQ', 'q', { altKey: true });
    onKey(event);
    expect(close.run).not.toHaveBeenCalled();
    expect(event.defaultPrevented).toBe(true);
  });

  it('runs nothing that has gone', () => {
    const close = command('work.close');
    register([close])();
    onKey(press('KeyQ', 'q', { altKey: true }));
    expect(close.run).not.toHaveBeenCalled();
  });
});

describe('a combination of the user’s own', () => {
  it('may take what nobody has', () => expect(clashOf('Ctrl+Shift+KeyG')).toBeNull());

  it('must have a modifier', () => expect(clashOf('KeyA')).toEqual({ with: 'modifier' }));

  it('may not take the browser’s', () => expect(clashOf('Ctrl+KeyT')).toEqual({ with: 'browser' }));

  it('may not take a core one, and hears whose it is', () => {
    register([command('work.transfer', { label: 'Перевести' })]);
    expect(clashOf('Alt+KeyT')).toEqual({ with: 'command', label: 'Перевести' });
    expect(clashOf('Alt+KeyQ')).toEqual({ with: 'command', label: 'work.close' });
  });

  it('may stay what it is', () => {
    register([command('template.1', { combo: 'Alt+Shift+KeyG' })]);
    expect(clashOf('Alt+Shift+KeyG', 'template.1')).toBeNull();
    expect(clashOf('Alt+Shift+KeyG', 'template.2')).toEqual({ with: 'command', label: 'template.1' });
  });
});
