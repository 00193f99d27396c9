import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../kit';
import { commandOf, isFitting, partsOf, refusalOf, withCombo, withoutCombo } from './combos';

const templates = [{ templateId: 't1', title: 'Приветствие' }, { templateId: 't2', title: 'Прощание' }];

describe('a key', () => {
  it.each(['KeyA', 'Digit7', 'Backquote', 'Semicolon', 'Numpad0'])('%s fits', (code) => expect(isFitting(code)).toBe(true));
  it.each(['F4', 'Tab', 'Escape', 'Enter', 'ArrowUp', 'Space', 'AltLeft', 'Delete', ''])('%s does not', (code) => expect(isFitting(code)).toBe(false));
});

describe('a kept combination', () => {
  it('comes apart into the list and the keyboard', () => {
    expect(partsOf('Ctrl+Shift+KeyA')).toEqual({ first: 'Ctrl+Shift', second: 'KeyA' });
    expect(partsOf('Ctrl+KeyM')).toEqual({ first: 'Ctrl', second: 'KeyM' });
    expect(partsOf('Shift+KeyM')).toBeNull();
    expect(partsOf('')).toBeNull();
  });
});

describe('a combination is refused', () => {
  let forget = () => {};
  beforeEach(() => {
    forget = register([{ id: 'work.transfer', label: 'Перевести', group: '', run: () => {} }]);
  });
  afterEach(() => forget());

  const refused = (combo: string, hotkeys: Record<string, string> = {}) => refusalOf(combo, 't1', templates, hotkeys);

  it('to who wants what another template has', () => {
    expect(refused('Alt+KeyG', { t2: 'Alt+KeyG' })).toEqual({ text: 'side.combo.taken.template', owner: 'Прощание' });
  });

  it('to who wants what a command has', () => {
    expect(refused('Alt+KeyT')).toEqual({ text: 'side.combo.taken.command', owner: 'Перевести' });
    expect(refused('Alt+KeyB')?.text).toBe('side.combo.taken.workplace');
  });

  it('to who wants what the browser has', () => {
    for (const combo of ['Ctrl+KeyN', 'Ctrl+KeyT', 'Ctrl+KeyW', 'Ctrl+KeyC', 'Alt+KeyD', 'Ctrl+Shift+KeyI']) {
      expect(refused(combo)?.text, combo).toBe('side.combo.taken.browser');
    }
  });

  it('not to who has it, nor because of a template that is gone', () => {
    const mine = register([{ id: commandOf('t1'), label: 'Приветствие', group: '', combo: 'Alt+KeyG', run: () => {} }]);
    expect(refused('Alt+KeyG', { t1: 'Alt+KeyG', gone: 'Alt+KeyG' })).toBeNull();
    mine();
  });
});

describe('kept combinations', () => {
  it('are of one template each', () => {
    const kept = { t1: 'Alt+KeyG', gone: 'Alt+KeyJ', t2: 'Alt+KeyL' };
    expect(withCombo(kept, 't1', 'Alt+KeyJ')).toEqual({ t1: 'Alt+KeyJ', t2: 'Alt+KeyL' });
    expect(withoutCombo(kept, 't1')).toEqual({ gone: 'Alt+KeyJ', t2: 'Alt+KeyL' });
  });
});
