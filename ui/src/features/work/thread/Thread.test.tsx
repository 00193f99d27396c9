import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Content, Message } from '../../../sync';
import { aConversation, aMessage } from '../fixtures';
import { useHeldBack } from './heldBack';
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

// proves SECURITY (5.4.3): what the virus check refused is said in words, with who sent it, and can't be opened.
describe('a file that is held back', () => {
  const file = { id: 'a1', name: 'счёт.pdf', mime: 'application/pdf', size: 10, blob: 'b1', failure: '' };
  const refuse = (status: number, kind: string, detail: string) =>
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ status, kind, field: 'file', detail }), { status }));
  const one = () => show(aConversation({ items: [aMessage('1', noon, { content: { text: '', attachments: [file], buttons: [] } })] }));

  it('says so when somebody opens it, and after that instead of it', async () => {
    refuse(403, 'denied', 'the file has a virus and is held back: Eicar-Test');
    one();
    await userEvent.click(screen.getByRole('button', { name: /^Открыть файл/ }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByRole('alert')).toHaveTextContent(/не прошёл проверку на вирусы.*Найдено: Eicar-Test/);
    expect(dialog.queryByRole('link')).toBeNull();
    await userEvent.click(dialog.getByRole('button', { name: 'Закрыть' }));
    const held = await screen.findByRole('group', { name: 'счёт.pdf' });
    expect(held).toHaveTextContent(/не прошёл проверку на вирусы.*Eicar-Test.*Отправитель: Мария Кузнецова/);
    expect(within(held).queryByRole('button')).toBeNull();
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('says that nobody has looked at it yet, and asks again', async () => {
    act(() => useHeldBack.setState({ of: {} }));
    refuse(503, 'busy', "the file can't be searched for viruses now; try again later");
    one();
    await userEvent.click(screen.getByRole('link', { name: 'Скачать файл счёт.pdf' }));
    const held = await screen.findByRole('group', { name: 'счёт.pdf' });
    expect(held).toHaveTextContent('Файл пока не проверен на вирусы');
    vi.stubGlobal('fetch', async () => new Response('x', { status: 206 }));
    await userEvent.click(screen.getByRole('button', { name: 'Проверить снова файл счёт.pdf' }));
    await screen.findByRole('link', { name: 'Скачать файл счёт.pdf' });
    expect(held).not.toBeInTheDocument();
  });
});

// proves G4: a message that comes late stands where it came, with its own time.
it('says when a message was written that came days later', () => {
  show(aConversation({ items: [aMessage('1', noon, { writtenAt: noon - 3 * 86_400_000 })] }));
  screen.getByText(/^Пришло с опозданием, написано 28 апр\S*,? .*12:00$/);
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
