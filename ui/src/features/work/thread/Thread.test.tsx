import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Content, Message } from '../../../sync';
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

// proves CH-05: what a customer gives by a button is shown as what it is.
describe('what a customer gives', () => {
  const one = (content: Partial<Content>, change: Partial<Message> = {}) =>
    show(aConversation({ items: [aMessage('1', noon, { content: { text: '', attachments: [], buttons: [], ...content }, ...change })] }));

  it('is a number to call and to copy, and a place on a map', async () => {
    one({ contact: { name: 'Мария', phone: '+7 999 000-11-22' }, location: { latitude: 55.75, longitude: 37.62 } });
    expect(await screen.findByRole('link', { name: 'Позвонить +7 999 000-11-22' })).toHaveAttribute('href', 'tel:+79990001122');
    screen.getByText('Мария');
    screen.getByRole('button', { name: 'Скопировать номер' });
    expect(screen.getByRole('link', { name: 'Открыть на карте' })).toHaveAttribute('href', expect.stringContaining('pt=37.62,55.75'));
  });

  it('is a button that was pressed', () => {
    one({ text: 'Да', pressed: { caption: 'Да', value: 'yes' } });
    screen.getByText('Нажата кнопка');
    expect(screen.getAllByText('Да')).toHaveLength(1);
  });

  it('was asked for by a button, by a person or by the system', () => {
    one({ text: 'Ваш номер?', ask: 'ASK_PHONE' }, { from: 'system', purpose: 'PHONE_REQUEST', state: 'sent' });
    screen.getByText('Запрос телефона');
    screen.getByText('Кнопка запроса телефона');
  });

  it('fails to get a message for a reason in words', async () => {
    one({ text: 'Добрый день' }, { from: 'operator', purpose: 'REPLY', state: 'failed', reason: 'the customer has blocked the bot' });
    await screen.findByText('Клиент заблокировал бота');
  });
});

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
