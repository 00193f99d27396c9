import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { navigate } from 'wouter/use-browser-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import { FakeSocket } from '../../sync/fakesocket';
import { useWorkspace } from '../../sync/store';
import type { Told } from '../../sync/wire';
import WallPage from './WallPage';

const drawn = vi.hoisted(() => vi.fn());

// The test's browser has no sizes: the list draws all of its rows.
vi.mock('virtua', () => ({
  VList: ({ data, children }: { data: unknown[]; children: (row: unknown, i: number) => ReactNode }) => <div>{data.map(children)}</div>,
}));

/** Each row of a conversation has one, with a name: it tells what is drawn. */
vi.mock('../../kit/ChannelIcon', () => ({ ChannelIcon: ({ plain }: { plain?: boolean }) => (plain ? null : drawn() ?? null) }));

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const operator = (id: string, name: string, more: Told = {}): Told => ({
  operator_id: id, first_name: name, presence: 'ONLINE', since: ago(600), connected: true, capacity: 3, line_ids: ['help'], ...more,
});
const conversation = (id: string, phase: string, keeper: string, more: Told = {}): Told => ({
  conversation_id: id, customer_name: id, customer_id: id, account_id: 'site', kind: 'widget', center_id: 'main', routing: { line_id: 'help' }, phase, keeper_id: keeper, since: ago(60), ...more,
});
const failure = { error_id: 'e1', at: ago(5), account_id: 'site', reason: 'timeout', size: 512 };

let calls: string[];
let refused: Response | undefined;

beforeEach(() => {
  queryClient.clear();
  FakeSocket.all = [];
  calls = [];
  refused = undefined;
  useWorkspace.setState({ desk: null });
  vi.stubGlobal('WebSocket', function Socket() {
    return FakeSocket.open();
  });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    if (method !== 'GET') {
      calls.push(`${method} ${url.replace('/api/v1/', '')} ${typeof init.body === 'string' ? init.body : ''}`.trim());
      return refused ?? new Response(null, { status: 204 });
    }
    if (!url.startsWith('/api/v1/workplace')) return new Response('{"status":404}', { status: 404 });
    return Response.json({
      user: { user_id: 'vera', login: 'vera', line_ids: ['help'] }, lines: [{ line_id: 'help', name: 'Поддержка', center_id: 'main' }],
      centers: [{ center_id: 'main', name: 'Лавка' }], accounts: [{ account_id: 'site', name: 'Сайт', kind: 'widget' }], agents: [{ agent_id: 'bot', name: 'Помощник' }],
    });
  });
});

const tell = (frame: Told) => act(async () => FakeSocket.last.say({ wall: frame }));

async function show(path = '/monitoring', frame: Told = {}) {
  navigate(path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <Notifications />
          <WallPage thread={(c) => <p>Беседа: {c.customerName}</p>} verdict={(id) => <p>Решение очереди: {id}</p>} />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
  await act(async () => FakeSocket.last.welcome());
  await tell({
    full: true, at: ago(0), counters: { waiting: 2, operators_online: 1, served: 1, failures: 1 },
    operators: [operator('olga', 'Ольга', { held: 1 }), operator('petr', 'Пётр', { presence: 'OFFLINE' })],
    conversations: [conversation('Анна', 'waiting', 'help', { since: ago(10) }), conversation('Борис', 'waiting', 'help', { since: ago(90) }), conversation('Вера', 'served', 'olga')],
    failures: [failure], ...frame,
  });
  await screen.findAllByText('Поддержка', { exact: false });
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const choose = async (of: string, name: string) => {
  await press(`Действия: ${of}`);
  await userEvent.click(await screen.findByRole('menuitem', { name }));
};

/** Waits until all timers have gone on. */
async function aSecond() {
  const before = screen.getAllByRole('timer').map((e) => e.textContent);
  await waitFor(() => expect(screen.getAllByRole('timer').every((e, i) => e.textContent !== before[i])).toBe(true));
}

// proves MN-02, MN-05, MN-06, MN-08
describe('the wall', () => {
  it('shows who waits and why, who works, and moves a conversation when somebody takes it', async () => {
    await show();
    expect(screen.getAllByRole('link').map((e) => e.textContent)).toEqual(['Борис', 'Анна', 'Вера']);
    expect(screen.getAllByText('Подбирается оператор')).toHaveLength(2);
    expect(screen.getByRole('button', { name: /^2.*В очереди/ })).toHaveTextContent(/ждут до 1 мин/);
    expect(screen.getByRole('button', { name: /Неактивные 1/ })).toHaveAttribute('aria-expanded', 'false');
    await tell({ operators: [operator('olga', 'Ольга', { held: 3 })], conversations: [conversation('Борис', 'served', 'olga', { unanswered: ago(3) })], counters: { waiting: 1, served: 2 } });
    expect(screen.getAllByRole('link').map((e) => e.textContent)).toEqual(['Анна', 'Вера', 'Борис']);
    expect(screen.getByText('Все заняты')).toBeInTheDocument();
    expect(screen.getByText('Без ответа')).toBeInTheDocument();
  });

  it('draws the rows that a frame changes, and with each second none', async () => {
    await show();
    drawn.mockClear();
    await tell({ conversations: [conversation('Вера', 'served', 'olga', { unanswered: ago(1) })] });
    expect(drawn).toHaveBeenCalledTimes(1);
    await aSecond();
    drawn.mockClear();
    await aSecond();
    expect(drawn).not.toHaveBeenCalled();
  });

  it('folds parts and filters, and keeps that in the address', async () => {
    await show();
    await press(/Неактивные/);
    expect(screen.getByRole('group', { name: 'Пётр' })).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox', { name: 'Клиент или оператор' }), 'бор');
    await waitFor(() => expect(screen.getAllByRole('link').map((e) => e.textContent)).toEqual(['Борис']));
    expect(decodeURIComponent(location.search)).toBe('?text=бор&turned=inactive');
    await press('Сбросить отбор');
    await waitFor(() => expect(screen.getAllByRole('link')).toHaveLength(3));
  });

  it('says that there is nothing, and that the line is lost, with another try', async () => {
    await show('/monitoring?text=zzz');
    expect(screen.getAllByText('Ничего не подходит под отбор').length).toBeGreaterThan(2);
    await act(async () => FakeSocket.last.break());
    expect(screen.getByText(/Нет связи, данные на/)).toBeInTheDocument();
  });
});

// proves MN-03, MN-06
describe('a conversation', () => {
  it('is opened by the keyboard, read along, with why it waits, and closed by Escape', async () => {
    await show();
    screen.getByRole('button', { name: /Очередь диалогов/ }).focus();
    await userEvent.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByRole('link', { name: 'Борис' })).toHaveFocus());
    await userEvent.keyboard('{Enter}');
    const pane = screen.getByRole('region', { name: 'Просмотр обращения' });
    expect(within(pane).getByText('Решение очереди: Борис')).toBeInTheDocument();
    expect(FakeSocket.last.asked('watch')).toHaveLength(1);
    await act(async () => {
      FakeSocket.last.say({ entry: { stream: 'conversation/Борис', version: '1', fact: { conversation_opened: { at: ago(90), customer_name: 'Борис' } } } });
    });
    expect(await within(pane).findByText('Беседа: Борис')).toBeInTheDocument();
    expect(within(pane).queryByRole('textbox')).toBeNull();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: 'Просмотр обращения' })).toBeNull();
    expect(FakeSocket.last.asked('unwatch')).toHaveLength(1);
  });
});

// proves MN-04, MN-09
describe('a supervisor', () => {
  it('takes an operator off reception, told how many conversations go back', async () => {
    await show();
    await choose('Ольга', 'Отключить оператора');
    expect(await screen.findByText(/1 обращение вернётся в очередь/)).toBeInTheDocument();
    await press('Отключить');
    await waitFor(() => expect(calls).toEqual(['POST operators/olga/offline']));
    expect(await screen.findByText('Оператор отключён: Ольга')).toBeInTheDocument();
  });

  it('assigns, takes over, and puts back with a way to undo it', async () => {
    await show();
    await choose('Анна', 'Назначить оператору');
    await userEvent.click(await screen.findByRole('combobox', { name: 'Оператор' }));
    await userEvent.click(await screen.findByRole('option', { name: /Ольга/ }));
    await press('Передать');
    await waitFor(() => expect(calls).toEqual([`POST conversations/${encodeURIComponent('Анна')}/assign {"operator_id":"olga"}`]));
    await press('Действия: Борис');
    expect(await screen.findByRole('menuitem', { name: /Взять себе.*Сначала выберите статус/ })).toHaveAttribute('data-disabled');
    await userEvent.keyboard('{Escape}');
    act(() => useWorkspace.setState({ desk: { operatorId: 'vera', presence: 'ONLINE', since: 1, capacity: 3, conversations: [] } }));
    await choose('Борис', 'Взять себе');
    await waitFor(() => expect(calls.at(-1)).toBe(`POST conversations/${encodeURIComponent('Борис')}/take`));
    await choose('Вера', 'Вернуть в очередь');
    await waitFor(() => expect(calls.at(-1)).toBe(`POST conversations/${encodeURIComponent('Вера')}/return`));
    await userEvent.click(await screen.findByRole('button', { name: 'Отменить' }));
    await waitFor(() => expect(calls.at(-1)).toBe(`POST conversations/${encodeURIComponent('Вера')}/assign {"operator_id":"olga"}`));
  });

  it('changes how soon a conversation is served, within bounds', async () => {
    await show();
    await choose('Анна', 'Изменить приоритет');
    const field = await screen.findByRole('textbox', { name: 'Приоритет' });
    await userEvent.clear(field);
    await userEvent.type(field, '1001');
    expect(screen.getByText('Целое число от −1000 до 1000')).toBeInTheDocument();
    await userEvent.clear(field);
    await userEvent.type(field, '5{Enter}');
    await waitFor(() => expect(calls).toEqual([`PUT conversations/${encodeURIComponent('Анна')}/priority {"priority":5}`]));
  });

  it('processes a failed message again, or discards it, and hears why that is refused', async () => {
    await show();
    await press(/Обработать снова: Сайт/);
    await waitFor(() => expect(calls).toEqual(['POST errors/e1/retry']));
    refused = Response.json({ status: 404, kind: 'not_found', detail: 'there is no such item in the error queue' }, { status: 404 });
    await press(/Отбросить: Сайт/);
    await press('Отбросить');
    expect(await screen.findByText('Этого сообщения в ошибках уже нет')).toBeInTheDocument();
  });

  it('has a channel read again what it did not understand, and hears why it stays', async () => {
    const strange = { ...failure, raw: 'gift', reason: 'nobody understands an update of the kind gift' };
    await show('/monitoring', { failures: [strange] });
    expect(screen.getByText('Неизвестный вид события: gift')).toBeInTheDocument();
    refused = Response.json({ status: 409, kind: 'conflict', detail: 'the text is longer than 32000 characters' }, { status: 409 });
    await press(/Обработать снова: Сайт/);
    await waitFor(() => expect(calls).toEqual(['POST errors/e1/retry']));
    expect(await screen.findByText('Текст длиннее 32000 знаков')).toBeInTheDocument();
    await tell({ failures: [{ ...strange, reason: 'it is understood now, and holds no message: it can be discarded' }] });
    expect(screen.getByText('Событие теперь понятно, сообщения в нём нет: его можно отбросить')).toBeInTheDocument();
    await tell({ gone: { failures: ['e1'] } });
    expect(screen.queryByRole('button', { name: /Обработать снова/ })).toBeNull();
  });
});

describe('an alert', () => {
  const alert = { alert_id: 'waiting/main/help', kind: 'waiting', center_id: 'main', subject_id: 'help', since: ago(1), value: 301, bound: 300 };

  it('is shown, and heard once, and the browser is asked for more only on a click', async () => {
    const asked = vi.fn(async () => 'granted');
    const shown = vi.fn();
    vi.stubGlobal('Notification', Object.assign(shown, { permission: 'default', requestPermission: asked }));
    delete document.documentElement.dataset.sound;
    await show();
    expect(asked).not.toHaveBeenCalled();
    await tell({ alerts: [alert] });
    expect(screen.getByText('В группе «Поддержка» ждут дольше 5 мин')).toBeInTheDocument();
    expect(document.documentElement.dataset.sound).toBe('message');
    expect(shown).not.toHaveBeenCalled();
    await press('Как оповещать');
    await userEvent.click(await screen.findByRole('switch', { name: 'Уведомления браузера' }));
    expect(asked).toHaveBeenCalledTimes(1);
    await tell({ gone: { alerts: [alert.alert_id] } });
    expect(screen.queryByText('В группе «Поддержка» ждут дольше 5 мин')).toBeNull();
  });
});
