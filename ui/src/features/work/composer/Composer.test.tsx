import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef, Profiler, type ComponentRef } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { desk, emptyWorkplace, queryClient, useConversation, type Ask, type Workplace } from '../../../sync';
import { aConversation } from '../fixtures';
import { DialogRow } from '../list/DialogRow';
import { Composer } from './Composer';

const account = (accountId: string, kind: string) => ({ accountId, kind, name: accountId, centerId: 'main', byIdentifier: true });

vi.mock('../../../sync', async (original) => {
  const real = await original<typeof import('../../../sync')>();
  return {
    ...real,
    useSession: () => ({ may: (role: string) => role !== 'send_pics' }),
    useConversation: vi.fn(),
    useCustomer: () => ({ data: { addresses: [{ addressId: 'a', accountId: 'mail', address: 'maria@example.ru', kind: 'email', unreachable: false }] } }),
    desk: { ...real.desk, reply: vi.fn(() => 'm1'), typing: vi.fn() },
  };
});

const workplace = (told: Partial<Workplace>) => queryClient.setQueryData(['workplace'], { ...emptyWorkplace, ...told });
const template = { templateId: 'thanks', title: 'Спасибо', text: 'Спасибо, что написали нам.' };

beforeEach(() => {
  workplace({ accounts: [account('site', 'widget'), account('mail', 'email')], templates: [template] });
  vi.mocked(desk.reply).mockClear();
});

let number = 0;
const freshId = () => `conversation-${++number}`;

function show(id = freshId(), lastIn = 0) {
  const ref = createRef<ComponentRef<typeof Composer>>();
  const one = (conversationId: string) => (
    <MantineProvider env="test">
      <Composer key={conversationId} ref={ref} conversationId={conversationId} customerId="k" kind="widget" lastAccountId="site" lastAddress="v1" lastIn={lastIn} />
    </MantineProvider>
  );
  const { rerender } = render(one(id));
  return { id, ref, open: (next: string) => rerender(one(next)) };
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Текст сообщения' });

describe('the composer', () => {
  it('has the focus and sends by Ctrl+Enter, also in the Russian layout', async () => {
    const { id } = show();
    expect(field()).toHaveFocus();
    await userEvent.keyboard('Добрый день{Enter}!');
    expect(field()).toHaveValue('Добрый день\n!');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    expect(desk.reply).toHaveBeenCalledExactlyOnceWith(id, { text: 'Добрый день\n!', attachments: [] });
    expect(field()).toHaveValue('');
  });

  it('tells which article a reply was made of, once, and whether it was changed', async () => {
    const { id, ref } = show();
    const choice = { about: 'm1', articleId: 'where', rank: 1, probability: 0.9, shown: ['where'] };
    const file = { id: 'f', name: 'карта.png', mime: 'image/png', size: 1, blob: 'ab', failure: '' };
    const enter = () => fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true });
    act(() => ref.current?.insert('Уже в пути.', { choice, attachments: [file] }));
    await waitFor(() => expect(screen.getByText('карта.png')).toBeVisible());
    enter();
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'Уже в пути.', attachments: [file], choice: { ...choice, edited: false } });
    act(() => ref.current?.insert('Уже в пути.', { choice, attachments: [] }));
    await userEvent.type(field(), ' Ждите!');
    enter();
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'Уже в пути. Ждите!', attachments: [], choice: { ...choice, edited: true } });
    await userEvent.type(field(), 'До свидания');
    enter();
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'До свидания', attachments: [] });
    act(() => ref.current?.insert('Уже в пути.', { choice, attachments: [] }));
    await userEvent.clear(field());
    await userEvent.type(field(), 'Сам');
    enter();
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'Сам', attachments: [] });
  });

  it('leaves Enter to the input method', async () => {
    show();
    await userEvent.keyboard('ni');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter', ctrlKey: true, isComposing: true });
    expect(desk.reply).not.toHaveBeenCalled();
  });

  it('sends nothing when there is nothing, and says why', async () => {
    show();
    const send = screen.getByRole('button', { name: 'Отправить' });
    expect(send).toHaveAttribute('aria-disabled', 'true');
    await userEvent.keyboard('   {Control>}{Enter}{/Control}');
    expect(desk.reply).not.toHaveBeenCalled();
  });

  it('keeps a draft for each dialog, and shows it in no other', async () => {
    const { id, open } = show();
    await userEvent.keyboard('Почти готово');
    open(freshId());
    expect(field()).toHaveValue('');
    open(id);
    expect(field()).toHaveValue('Почти готово');
  });

  it('puts a phrase at the cursor and wipes nothing', async () => {
    const { ref } = show();
    await userEvent.keyboard('Да, готово');
    field().setSelectionRange(3, 3);
    act(() => ref.current?.insert('ваш заказ'));
    expect(field()).toHaveValue('Да, ваш заказ готово');
    expect(field().selectionStart).toBe('Да, ваш заказ'.length);
  });

  it('opens the templates by «/», inserts by Enter', async () => {
    show();
    await userEvent.keyboard('/спас');
    expect(screen.getByRole('option', { name: /Спасибо/ })).toHaveAttribute('aria-selected', 'true');
    fireEvent.keyDown(field(), { key: 'Enter', code: 'Enter' });
    expect(field()).toHaveValue(template.text);
    await waitFor(() => expect(screen.queryByRole('listbox', { name: 'Шаблоны ответов' })).toBeNull());
  });

  it('closes the templates by Escape and keeps the text', async () => {
    show();
    await userEvent.keyboard('/спас{Escape}');
    expect(screen.queryByRole('option', { name: /Спасибо/ })).toBeNull();
    expect(field()).toHaveValue('/спас');
  });

  it('completes the phrase that is being typed', async () => {
    show();
    await userEvent.keyboard('Спаси');
    await userEvent.click(screen.getByRole('button', { name: template.text }));
    expect(field()).toHaveValue(template.text);
  });

  it('takes the text along to another channel, for one message', async () => {
    const { id } = show();
    await userEvent.keyboard('Пишу на почту');
    await userEvent.click(screen.getByRole('combobox', { name: 'Канал сообщения' }));
    await userEvent.click(screen.getByRole('option', { name: /maria@example.ru/ }));
    expect(field()).toHaveValue('Пишу на почту');
    await userEvent.type(field(), '{Control>}{Enter}{/Control}');
    expect(desk.reply).toHaveBeenCalledExactlyOnceWith(id, { text: 'Пишу на почту', attachments: [], accountId: 'mail', address: 'maria@example.ru' });
    expect(field()).toHaveValue('');
    expect(screen.getByRole('combobox', { name: 'Канал сообщения' })).toHaveValue('Чат на сайте');
  });

  it('has no photo button without the role', () => {
    show();
    expect(screen.queryByRole('button', { name: 'Отправить фото' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Отправить файл' })).toBeVisible();
  });
});

// proves CH-05: an operator asks for a phone and a place where the channel can.
describe('asking the customer', () => {
  const can = (asks: Ask[], window = 0) =>
    workplace({ accounts: [{ ...account('site', 'telegram'), abilities: { asks, window } }, account('mail', 'email')] });

  it('sends the words that are proposed with a button for the phone, once', async () => {
    can(['ASK_PHONE', 'ASK_LOCATION']);
    const { id } = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Запросить у клиента' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Запросить телефон' }));
    const text = 'Поделитесь, пожалуйста, номером телефона — нажмите кнопку ниже.';
    expect(field()).toHaveValue(text);
    await userEvent.type(field(), ' Спасибо!{Control>}{Enter}{/Control}');
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: `${text} Спасибо!`, attachments: [], ask: 'ASK_PHONE' });
    await userEvent.type(field(), 'Ждём{Control>}{Enter}{/Control}');
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'Ждём', attachments: [] });
  });

  it('leaves what was written, and can be taken back', async () => {
    can(['ASK_LOCATION']);
    const { id } = show();
    await userEvent.type(field(), 'Где вы?');
    await userEvent.click(await screen.findByRole('button', { name: 'Запросить у клиента' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Запросить местоположение' }));
    expect(field()).toHaveValue('Где вы?');
    await userEvent.click(await screen.findByRole('button', { name: 'Без кнопки' }));
    await userEvent.type(field(), '{Control>}{Enter}{/Control}');
    expect(desk.reply).toHaveBeenLastCalledWith(id, { text: 'Где вы?', attachments: [] });
  });

  it('asks nothing where the channel has no such buttons', async () => {
    can(['ASK_PHONE']);
    const { id } = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Запросить у клиента' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Запросить телефон' }));
    await userEvent.click(screen.getByRole('combobox', { name: 'Канал сообщения' }));
    await userEvent.click(screen.getByRole('option', { name: /maria@example.ru/ }));
    expect(screen.queryByRole('button', { name: 'Запросить у клиента' })).toBeNull();
    await userEvent.type(field(), '{Control>}{Enter}{/Control}');
    expect(desk.reply).toHaveBeenLastCalledWith(id, expect.not.objectContaining({ ask: 'ASK_PHONE' }));
  });

  it('warns when the time to answer is over', async () => {
    can([], 24);
    show(freshId(), Date.now() - 25 * 3600_000);
    await screen.findByText(/Прошло больше 24 часов с последнего сообщения клиента/);
  });

  it('does not warn before that', async () => {
    can(['ASK_PHONE'], 24);
    show(freshId(), Date.now() - 23 * 3600_000);
    await screen.findByRole('button', { name: 'Запросить у клиента' });
    expect(screen.queryByText(/Прошло больше/)).toBeNull();
  });
});

describe('what re-renders', () => {
  it('is the composer alone when a key is pressed', async () => {
    const id = freshId();
    vi.mocked(useConversation).mockReturnValue(aConversation({ id }));
    const onRow = vi.fn();
    render(
      <MantineProvider env="test">
        <Profiler id="row" onRender={onRow}>
          <DialogRow id={id} current tabbable place={1} total={1} onOpen={() => {}} />
        </Profiler>
        <Composer conversationId={id} customerId="k" kind="widget" lastAccountId="site" lastAddress="v1" lastIn={0} />
      </MantineProvider>,
    );
    const before = onRow.mock.calls.filter(() => true).length;
    fireEvent.change(field(), { target: { value: 'Д' } });
    fireEvent.change(field(), { target: { value: 'До' } });
    expect(field()).toHaveValue('До');
    expect(onRow.mock.calls.length).toBe(before);
  });
});
