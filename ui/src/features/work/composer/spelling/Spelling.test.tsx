import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../../kit';
import { addWord, desk, emptyWorkplace, lookUp } from '../../../../sync';
import { aConversation } from '../../fixtures';
import { Composer } from '../Composer';

vi.mock('../../../../sync', async (original) => {
  const real = await original<typeof import('../../../../sync')>();
  return {
    ...real,
    useSession: () => ({ may: () => true }),
    useWorkplace: vi.fn(),
    useConversation: vi.fn(),
    useCustomer: () => ({ data: { addresses: [], fields: { fname: 'Зинур' } } }),
    lookUp: vi.fn(),
    addWord: vi.fn(),
    desk: { ...real.desk, reply: vi.fn(() => 'm1'), typing: vi.fn() },
  };
});

const { complain } = vi.hoisted(() => ({ complain: vi.fn() }));
vi.mock('../../../../kit', async (original) => ({ ...(await original<typeof import('../../../../kit')>()), complain }));

const sync = await import('../../../../sync');

/** What the server of these tests thinks wrong. */
const wrong: Record<string, string[]> = { превет: ['привет', 'ревет'], Превет: ['Привет'], доставкка: ['доставка'], крафтолёт: [] };

function settle(settings: Partial<typeof emptyWorkplace.settings>) {
  vi.mocked(sync.useWorkplace).mockReturnValue({
    ...emptyWorkplace, settings: { ...emptyWorkplace.settings, spellCheck: true, ...settings },
    accounts: [{ accountId: 'site', kind: 'widget', name: 'site', centerId: 'main', byIdentifier: true }],
  });
}

let number = 0;
/** Each test has a language of its own: what is known of words is kept while the page is open. */
let language = '';

beforeEach(() => {
  language = `ru-${++number}`;
  complain.mockClear();
  settle({});
  vi.mocked(desk.reply).mockClear();
  vi.mocked(addWord).mockReset().mockResolvedValue(undefined);
  vi.mocked(lookUp).mockReset().mockImplementation((words) =>
    Promise.resolve(words.map((word) => ({ word, known: !(word in wrong), suggestions: wrong[word] ?? [] }))));
});

function show() {
  const id = `spelt-${number}`;
  const routing = { lineId: 'help', language, skills: [], priority: 0 };
  vi.mocked(sync.useConversation).mockReturnValue(aConversation({ id, routing }));
  render(
    <MantineProvider env="test">
      <Composer conversationId={id} customerId="k" kind="widget" lastAccountId="site" lastAddress="v1" lastIn={0} />
    </MantineProvider>,
  );
  return id;
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Текст сообщения' });
const underlined = () => [...document.querySelectorAll('[aria-hidden] > span')].filter((e) => e.closest('[data-text]')).map((e) => e.textContent);
const asked = () => vi.mocked(lookUp).mock.calls.map(([words]) => words);

/** A click puts the cursor somewhere and opens what is there. */
function clickAt(at: number) {
  field().setSelectionRange(at, at);
  fireEvent.select(field());
  fireEvent.click(field());
}

// proves OP-15: words are looked up while they are typed.
describe('spelling', () => {
  it('underlines a word that is finished, and not the one being typed', async () => {
    show();
    await userEvent.keyboard('превет');
    await act(() => new Promise((done) => { setTimeout(done, 300); }));
    expect(asked()).toEqual([]);
    await userEvent.keyboard(', Зинур ');
    await waitFor(() => expect(underlined()).toEqual(['превет']));
    expect(asked().flat()).toEqual(['превет']);
    expect(field()).toHaveAttribute('aria-invalid', 'true');
    expect(screen.getByText('Возможна ошибка: превет')).toBeInTheDocument();
  });

  it('takes a word for finished when no key follows', async () => {
    show();
    await userEvent.keyboard('превет');
    await waitFor(() => expect(underlined()).toEqual(['превет']), { timeout: 5000 });
  });

  it('asks for each word once, and for several together', async () => {
    show();
    await userEvent.keyboard('превет доставкка верно ');
    await waitFor(() => expect(underlined()).toEqual(['превет', 'доставкка']));
    await userEvent.keyboard('превет доставкка ');
    await waitFor(() => expect(underlined()).toHaveLength(4));
    expect(asked().flat().sort()).toEqual(['верно', 'доставкка', 'превет']);
  });

  it('offers words at a click, and puts one in its place', async () => {
    show();
    await userEvent.keyboard('Да, превет всем');
    await waitFor(() => expect(underlined()).toEqual(['превет']));
    clickAt(6);
    const list = await screen.findByRole('listbox', { name: 'Варианты для слова «превет»' });
    expect([...list.querySelectorAll('[role=option]')].map((o) => o.textContent)).toEqual(['привет', 'ревет', 'Добавить в словарь']);
    await userEvent.click(screen.getByRole('option', { name: 'привет' }));
    expect(field()).toHaveValue('Да, привет всем');
    expect(field()).toHaveFocus();
    expect(screen.queryByRole('listbox')).toBeNull();
    await waitFor(() => expect(underlined()).toEqual([]));
  });

  it('leaves Enter to the field until something is chosen, and closes by Escape', async () => {
    show();
    await userEvent.keyboard('превет всем');
    await waitFor(() => expect(underlined()).toEqual(['превет']));
    clickAt(3);
    await screen.findByRole('listbox');
    expect(screen.queryByRole('option', { selected: true })).toBeNull();
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(field()).toHaveValue('превет всем');
  });

  it('works by keys alone', async () => {
    show();
    await userEvent.keyboard('доставкка, превет всем');
    await waitFor(() => expect(underlined()).toHaveLength(2));
    act(() => runCommand('work.spelling')); // behind the last one: it begins anew
    expect(await screen.findByRole('option', { selected: true })).toHaveTextContent('доставка');
    expect(field().getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id);
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(field()).toHaveValue('доставка, превет всем');
    act(() => runCommand('work.spelling'));
    await screen.findByRole('listbox', { name: /превет/ });
    fireEvent.keyDown(field(), { key: 'ArrowDown' });
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(field()).toHaveValue('доставка, ревет всем');
  });

  it('puts a word into the dictionary of the center', async () => {
    show();
    await userEvent.keyboard('крафтолёт и Крафтолёт ');
    await waitFor(() => expect(underlined()).toEqual(['крафтолёт']));
    clickAt(2);
    await screen.findByText('Похожих слов нет');
    await userEvent.click(screen.getByRole('option', { name: 'Добавить в словарь' }));
    expect(addWord).toHaveBeenCalledExactlyOnceWith('крафтолёт', 'main');
    await waitFor(() => expect(underlined()).toEqual([]));
  });

  it('says nothing where the center does not want it, and asks nobody', async () => {
    settle({ spellCheck: false });
    show();
    await userEvent.keyboard('превет всем ');
    await act(() => new Promise((done) => { setTimeout(done, 400); }));
    expect(lookUp).not.toHaveBeenCalled();
    expect(field().spellcheck).not.toBe(false);
  });

  it('underlines nothing when the server does not answer, and asks again', async () => {
    vi.mocked(lookUp).mockRejectedValueOnce(new Error('down'));
    show();
    await userEvent.keyboard('превет ');
    await waitFor(() => expect(asked()).toHaveLength(1));
    expect(underlined()).toEqual([]);
    await userEvent.keyboard('всем ');
    await waitFor(() => expect(underlined()).toEqual(['превет']));
  });
});

// proves OP-15: a setting forbids sending a message with errors.
describe('forbidden errors', () => {
  const send = () => screen.getByRole('button', { name: 'Отправить' });

  it('keep the message back, and lead to the first', async () => {
    settle({ forbidErrors: true });
    const id = show();
    await userEvent.keyboard('Да, превет и доставкка ');
    await waitFor(() => expect(underlined()).toHaveLength(2));
    expect(send()).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(send());
    expect(desk.reply).not.toHaveBeenCalled();
    expect(complain).toHaveBeenCalledWith('Исправьте 2 слова с ошибками, чтобы отправить сообщение');
    expect(field()).toHaveFocus();
    expect([field().selectionStart, field().selectionEnd]).toEqual([4, 10]);
    await userEvent.click(await screen.findByRole('option', { name: 'привет' }));
    act(() => runCommand('work.spelling'));
    await userEvent.click(await screen.findByRole('option', { name: 'доставка' }));
    await waitFor(() => expect(send()).not.toHaveAttribute('aria-disabled', 'true'));
    await userEvent.click(send());
    await waitFor(() => expect(desk.reply).toHaveBeenCalledExactlyOnceWith(id, { text: 'Да, привет и доставка', attachments: [] }));
  });

  it('wait for the word that was typed last', async () => {
    settle({ forbidErrors: true });
    show();
    await userEvent.keyboard('превет');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    await waitFor(() => expect(complain).toHaveBeenCalledTimes(1));
    expect(desk.reply).not.toHaveBeenCalled();
  });

  it('let a message go that is right, once', async () => {
    settle({ forbidErrors: true });
    const id = show();
    await userEvent.keyboard('верно');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    await waitFor(() => expect(desk.reply).toHaveBeenCalledExactlyOnceWith(id, { text: 'верно', attachments: [] }));
    expect(field()).toHaveValue('');
  });

  it('keep nothing back that could not be looked up', async () => {
    settle({ forbidErrors: true });
    vi.mocked(lookUp).mockRejectedValue(new Error('down'));
    show();
    await userEvent.keyboard('превет');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    await waitFor(() => expect(desk.reply).toHaveBeenCalledTimes(1));
  });

  it('are the customer’s to see where the setting is off', async () => {
    show();
    await userEvent.keyboard('превет ');
    await waitFor(() => expect(underlined()).toEqual(['превет']));
    await userEvent.click(send());
    expect(desk.reply).toHaveBeenCalledTimes(1);
    expect(complain).not.toHaveBeenCalled();
  });
});
