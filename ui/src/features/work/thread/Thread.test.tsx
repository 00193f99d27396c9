import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aConversation, aMessage } from '../fixtures';
import { Thread } from './Thread';
import { FIRST } from './useDrawn';

/** The browser tells what has come near; here the test does. */
let near: (() => void) | undefined;

beforeEach(() => {
  near = undefined;
  vi.stubGlobal('IntersectionObserver', class {
    constructor(tell: (seen: { isIntersecting: boolean }[]) => void) {
      near = () => tell([{ isIntersecting: true }]);
    }
    observe() {}
    disconnect() {
      near = undefined;
    }
  });
});

const noon = new Date(2026, 4, 1, 12).getTime();
const told = (count: number) => aConversation({ items: Array.from({ length: count }, (_, n) => aMessage(String(n), noon + n * 1000)) });

function show(conversation: ReturnType<typeof told>, past = false) {
  const one = (c: typeof conversation) => <MantineProvider env="test"><Thread conversation={c} past={past} /></MantineProvider>;
  const { rerender } = render(one(conversation));
  return (next: typeof conversation) => rerender(one(next));
}

const shown = () => screen.getAllByRole('article').map((e) => e.querySelector('p')?.textContent?.replace('Текст ', ''));

describe('a long thread', () => {
  it('is drawn from its end, and further as the reader goes up', () => {
    show(told(100));
    expect(shown().length).toBe(FIRST);
    expect(shown().at(-1)).toBe('99');
    act(() => near?.());
    expect(shown().length).toBeGreaterThan(FIRST);
    for (let n = 0; n < 10 && near; n++) act(() => near?.());
    expect(shown()).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    expect(near).toBeUndefined();
  });

  it('of the past begins at its beginning, and leads to its end', () => {
    show(told(100), true);
    expect(shown()[0]).toBe('0');
    expect(shown()).not.toContain('99');
    fireEvent.click(screen.getByRole('button', { name: 'К последним сообщениям' }));
    expect(shown().at(-1)).toBe('99');
  });

  it('stays where it is read when something comes, and says how much', () => {
    const next = show(told(100));
    const box = screen.getByRole('group', { name: 'Сообщения' });
    let height = 5000;
    Object.defineProperties(box, { scrollHeight: { get: () => height }, clientHeight: { get: () => 500 } });
    box.scrollTop = -700;
    fireEvent.scroll(box);
    height += 60;
    next(told(101));
    expect(box.scrollTop).toBe(-760);
    fireEvent.click(screen.getByRole('button', { name: '1 новое' }));
    expect(box.scrollTop).toBe(0);
    expect(screen.queryByRole('button', { name: /новое|последним/ })).not.toBeInTheDocument();
  });
});
