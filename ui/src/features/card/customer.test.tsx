import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../sync';
import { CustomerForm } from './CustomerForm';
import { CustomerSearch } from './CustomerSearch';
import { useEdits } from './edit';
import { PreviousConversations } from './PreviousConversations';
import { customerJSON, furnish, serve, show, type Asked } from './testing';
import { StartDialog } from './StartDialog';

const roles = vi.hoisted(() => new Set<string>());
vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ may: (role: string) => roles.has(role) }) }));

const account = (accountId: string, kind: string, name: string, byIdentifier: boolean) => ({ accountId, kind, name, centerId: '', byIdentifier });
const address = (id: string, accountId: string, kind: string, value: string, more = {}) =>
  ({ address_id: id, account_id: accountId, kind, address: value, verified: 'channel', unreachable: false, ...more });

beforeEach(() => {
  queryClient.clear();
  useEdits.setState({ of: {} });
  roles.clear();
  for (const role of ['view_client', 'modify_clients', 'view_deeplinking', 'modify_ext_id']) roles.add(role);
  furnish({
    operators: [{ userId: 'u2', name: 'Борис Громов' }],
    topics: [{ topicId: 't', name: 'Доставка', parentId: '', archived: false }, { topicId: 'tt', name: 'Сроки', parentId: 't', archived: true }],
    accounts: [account('mail', 'email', 'Почта поддержки', true), account('call', 'phone', 'Телефон', true), account('tg', 'telegram', 'Наш Telegram', false)],
    settings: { fields: [{ name: 'fname', label: 'Имя', kind: 'text', required: false }, { name: 'phone', label: 'Телефон', kind: 'phone', required: false }] },
  });
});

const one = (more = {}) => customerJSON({ addresses: [address('a1', 'tg', 'telegram', '@anna'), address('a2', 'mail', 'email', 'anna@example.ru')], ...more });

describe('the search', () => {
  const found = [
    { customer_id: 'c1', name: 'Анна Смирнова', fields: { phone: '+79161234567' }, kinds: ['telegram', 'email'], open_conversation: '', last_at: '2026-11-01T10:00:00Z' },
    { customer_id: 'c2', name: 'Анна Ким', fields: {}, kinds: ['widget'], open_conversation: 'k9', last_at: '2026-11-02T10:00:00Z' },
  ];
  const server = (items: unknown[] = found) => serve(({ path, method, body }: Asked) => {
    if (path.startsWith('/api/v1/customers?')) return { body: { items } };
    if (method === 'POST') return { body: { conversation_id: `k-${(body as { account_id: string }).account_id}` } };
    return { body: one() };
  });

  it('finds as one types, with channels, and only from two letters on', async () => {
    const log = server();
    const { user } = show(<CustomerSearch onStarted={() => {}} />);
    await user.type(screen.getByRole('searchbox', { name: 'Поиск клиента' }), 'а');
    expect(log).toHaveLength(0);
    await user.type(screen.getByRole('searchbox'), 'нна');
    const list = await screen.findByRole('list', { name: 'Найденные клиенты' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
    expect(within(list).getByRole('img', { name: 'Telegram' })).toBeInTheDocument();
    expect(within(list).getByText('идёт обращение')).toBeInTheDocument();
    expect(log.map((each) => decodeURIComponent(each.path))).toEqual(['/api/v1/customers?query=анна&limit=20']);
  });

  it('leads by arrows, and Escape clears it', async () => {
    server();
    const { user } = show(<CustomerSearch onStarted={() => {}} />);
    await user.type(screen.getByRole('searchbox'), 'анна');
    await screen.findByRole('list');
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('button', { name: /^Открыть анкету:.*Анна Смирнова/ })).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('button', { name: /^Открыть анкету:.*Анна Ким/ })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('searchbox')).toHaveFocus();
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });

  it('says that nobody was found, and what to do', async () => {
    server([]);
    const { user } = show(<CustomerSearch onStarted={() => {}} />);
    await user.type(screen.getByRole('searchbox'), 'ыыы');
    expect(await screen.findByText('Никого не нашли')).toBeInTheDocument();
  });

  it('starts a conversation in the chosen channel with the first message', async () => {
    const log = server();
    const onStarted = vi.fn();
    const { user } = show(<CustomerSearch onStarted={onStarted} />);
    await user.type(screen.getByRole('searchbox'), 'анна');
    await user.click(await screen.findByRole('button', { name: 'Начать диалог: Анна Смирнова' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.type(await dialog.findByLabelText('Первое сообщение'), 'Добрый день!');
    await user.click(dialog.getByRole('button', { name: 'Отправить' }));
    expect(dialog.getByText('Выберите канал')).toBeInTheDocument();
    await user.click(dialog.getByRole('combobox', { name: 'Канал' }));
    await user.click(await screen.findByRole('option', { name: 'anna@example.ru (Почта поддержки)' }));
    await user.click(dialog.getByRole('button', { name: 'Отправить' }));
    await waitFor(() => expect(onStarted).toHaveBeenCalledWith('k-mail'));
    expect(log.find((each) => each.method === 'POST')).toMatchObject({
      path: '/api/v1/customers/c1/conversations', body: { account_id: 'mail', address: 'anna@example.ru', text: 'Добрый день!' },
    });
  });
});

describe('a conversation that another operator keeps', () => {
  it('is not begun, and nothing is written to a telephone', async () => {
    serve(({ method }) => (method === 'POST' ? { status: 409, body: { kind: 'conflict' } } : { body: one({ addresses: [address('a1', 'call', 'phone', '+79161234567'), address('a2', 'mail', 'email', 'anna@example.ru')] }) }));
    const { user } = show(<StartDialog customerId="c1" onClose={() => {}} onStarted={() => {}} />);
    const text = await screen.findByLabelText('Первое сообщение');
    expect(screen.getByRole('combobox', { name: 'Канал' })).toHaveValue('anna@example.ru (Почта поддержки)');
    await user.type(text, 'Добрый день!');
    await user.click(screen.getByRole('button', { name: 'Отправить' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('С клиентом уже переписывается другой оператор');
    expect(text).toHaveValue('Добрый день!');
  });
});

describe('channels', () => {
  const region = async () => within(await screen.findByRole('region', { name: 'Каналы клиента' }));

  it('are added by an identifier that fits', async () => {
    const log = serve(() => ({ body: one() }));
    const { user } = show(<CustomerForm customerId="c1" />);
    const channels = await region();
    await user.click(channels.getByRole('button', { name: 'Добавить канал' }));
    await user.click(channels.getByRole('combobox', { name: 'Канал' }));
    expect(screen.queryByRole('option', { name: 'Наш Telegram' })).not.toBeInTheDocument();
    await user.click(await screen.findByRole('option', { name: 'Телефон' }));
    await user.type(channels.getByLabelText('Телефон'), 'нет');
    await user.click(channels.getByRole('button', { name: 'Добавить канал' }));
    expect(channels.getByLabelText('Телефон')).toHaveAccessibleDescription(/Нужен телефон с кодом/);
    await user.clear(channels.getByLabelText('Телефон'));
    await user.type(channels.getByLabelText('Телефон'), '8 (916) 765-43-21');
    await user.click(channels.getByRole('button', { name: 'Добавить канал' }));
    await waitFor(() => expect(log.find((each) => each.method === 'POST')?.body).toEqual({ account_id: 'call', address: '+79167654321' }));
  });

  it('of somebody else lead to merging', async () => {
    serve(({ method, path }) => {
      if (path.startsWith('/api/v1/customers?')) return { body: { items: [] } };
      return method === 'POST' ? { status: 409, body: { kind: 'conflict', detail: 'the address belongs to customer c7, who has others; merge the two' } } : { body: one() };
    });
    const { user } = show(<CustomerForm customerId="c1" />);
    const channels = await region();
    await user.click(channels.getByRole('button', { name: 'Добавить канал' }));
    await user.type(channels.getByLabelText('Адрес почты'), 'other@example.ru');
    await user.click(channels.getByRole('button', { name: 'Добавить канал' }));
    expect(await channels.findByRole('alert')).toHaveTextContent('уже есть в анкете другого клиента');
    await user.click(channels.getByRole('button', { name: 'Объединить анкеты' }));
    expect(await screen.findByRole('searchbox', { name: /Найдите анкету/ })).toHaveValue('other@example.ru');
  });

  it('are removed only after a question', async () => {
    const log = serve(({ method }) => (method === 'DELETE' ? {} : { body: one() }));
    const { user } = show(<CustomerForm customerId="c1" />);
    const channels = await region();
    await user.click(channels.getByRole('button', { name: 'Удалить канал @anna' }));
    expect(log.some((each) => each.method === 'DELETE')).toBe(false);
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Удалить канал' }));
    await waitFor(() => expect(log.find((each) => each.method === 'DELETE')?.path).toBe('/api/v1/customers/c1/addresses/a1'));
  });

  it('have links where they cannot be added', async () => {
    const log = serve(({ method }) => ({ body: method === 'POST' ? { token: 'abc', url: 'https://t.me/shop?start=abc', until: '2026-11-23T16:00:00Z' } : one() }));
    const { user } = show(<CustomerForm customerId="c1" />);
    const links = within(await screen.findByRole('region', { name: 'Ссылки на каналы' }));
    await user.click(links.getByRole('button', { name: 'Создать ссылку' }));
    const link = await links.findByLabelText('Ссылка для клиента');
    expect(link).toHaveValue('https://t.me/shop?start=abc');
    expect(link).toHaveAccessibleDescription(/Действует до/);
    await user.click(links.getByRole('button', { name: 'Скопировать' }));
    expect(await links.findByRole('button', { name: 'Скопировано' })).toBeInTheDocument();
    expect(await navigator.clipboard.readText()).toBe('https://t.me/shop?start=abc');
    expect(log.find((each) => each.method === 'POST')?.body).toEqual({ account_id: 'tg' });
  });

  it('have no links without the right to them', async () => {
    roles.delete('view_deeplinking');
    serve(() => ({ body: one() }));
    show(<CustomerForm customerId="c1" />);
    await region();
    expect(screen.queryByRole('region', { name: 'Ссылки на каналы' })).not.toBeInTheDocument();
  });
});

describe('merging', () => {
  it('finds the other card, compares, and makes one of two', async () => {
    const other = one({ customer_id: 'c2', fields: { fname: 'Аня', email: 'a@example.ru' }, addresses: [], conversations: ['k5'] });
    const items = ['c1', 'c2'].map((id) => ({ customer_id: id, name: id === 'c1' ? 'Анна' : 'Аня', fields: {}, kinds: [] }));
    const log = serve(({ path }) => {
      if (path.startsWith('/api/v1/customers?')) return { body: { items } };
      if (path.endsWith('/c2')) return { body: other };
      // The other card joins a moment after the wish was taken.
      const asked = log.findIndex((each) => each.method === 'POST');
      const joined = asked >= 0 && log.slice(asked).filter((each) => each.method === 'GET' && each.path.endsWith('/c1')).length > 1;
      return { body: one(joined ? { absorbed: ['c2'], addresses: [] } : {}) };
    });
    const { user } = show(<CustomerForm customerId="c1" />);
    await user.click(await screen.findByRole('button', { name: 'Объединить анкеты' }));
    await user.type(await screen.findByRole('searchbox', { name: /Найдите анкету/ }), 'аня');
    const results = await screen.findByRole('list', { name: 'Найденные клиенты' });
    await waitFor(() => expect(within(results).getAllByRole('button')).toHaveLength(1));
    await user.click(within(results).getByRole('button'));
    const table = within(await screen.findByRole('table', { name: 'Сравните анкеты' }));
    const row = table.getByRole('row', { name: /^Имя/ });
    expect(within(row).getByText('Аня')).toHaveAttribute('data-lost');
    expect(table.getByRole('cell', { name: 'a@example.ru' })).not.toHaveAttribute('data-lost');
    expect(log.some((each) => each.method === 'POST')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Объединить' }));
    await waitFor(() => expect(log.find((each) => each.method === 'POST')).toMatchObject({ path: '/api/v1/customers/c1/merge', body: { from: 'c2' } }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(queryClient.getQueryData(['customer', 'c1'])).toMatchObject({ absorbed: ['c2'] });
  });
});

describe('previous conversations', () => {
  const at = '2026-11-20T10:00:00Z';
  const events = (id: string) => ({
    next: 0,
    items: [
      { conversation_opened: { at, conversation_id: id, customer_id: 'c1', account_id: 'tg', kind: 'telegram' } },
      { conversation_assigned: { at, operator_id: 'u2', turn: 1 } },
      { topic_set: { at, topic_id: 'tt', by: 'u2' } },
      { conversation_closed: { at, cause: 'CLOSED', by: 'u2' } },
    ].map((fact, i) => ({ version: i + 1, fact })),
  });

  it('are told by date, channel, operator and topic, and open to read', async () => {
    serve(({ path }) => ({ body: path.startsWith('/api/v1/customers/') ? one({ conversations: ['k1', 'k2', 'now'] }) : events(path.split('/')[4] ?? '') }));
    const { user } = show(<PreviousConversations customerId="c1" currentId="now" renderThread={(c) => <p>Лента {c.id}</p>} />);
    const list = within(await screen.findByRole('list', { name: 'Предыдущие обращения' }));
    const rows = () => list.queryAllByRole('button', { name: /20 ноября.*Наш Telegram · Борис Громов · Доставка \/ Сроки/ });
    await waitFor(() => expect(rows()).toHaveLength(2));
    await user.click(rows()[0]!);
    expect(await screen.findByText('Лента k2')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Предыдущее обращение' }));
    expect(await screen.findByText('Лента k1')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Предыдущее обращение' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'К списку' }));
    await waitFor(() => expect(document.activeElement).toHaveAttribute('data-conversation', 'k1'));
  });

  it('may be none', async () => {
    serve(() => ({ body: one({ conversations: ['now'] }) }));
    show(<PreviousConversations customerId="c1" currentId="now" renderThread={() => null} />);
    expect(await screen.findByText('Предыдущих обращений нет')).toBeInTheDocument();
  });
});

