import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { navigate } from 'wouter/use-browser-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import AgentsPage from './AgentsPage';

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** A server as small as can be: what it answers, by method and path, and what it was asked. */
let answers: Record<string, (call: Call) => unknown>;
let calls: Call[];

const items = (...all: unknown[]) => () => ({ items: all, total: all.length });
const refuse = (status: number, problem: object) => new Response(JSON.stringify({ status, ...problem }), { status });
/** What is done outside of the hours, as the wire calls it. */
const away = (way: string) => Object.fromEntries(new Map([['then', way]]));
const agent = (agent_id: string, kind: string, more: object = {}) => ({ agent_id, kind, name: '', disabled: false, article_id: '', ...away(''), has_secrets: false, revision: 3, ...more });
const policy = { agents: ['bot', 'night'], person_words: ['оператор'] };

beforeEach(() => {
  queryClient.clear();
  calls = [];
  navigate('/agents');
  answers = {
    'GET /api/v1/agents': items(
      agent('bot', 'bot', { name: 'Бот', bot: { precision: 0.9 } }), agent('night', 'hours', { name: 'Ночь', article_id: 'closed', ...away('queue') }),
      agent('weather', 'external', { name: 'Погода', external: { url: 'https://w.example/turn', model: '', instruction: '' } }),
    ),
    'GET /api/v1/calendars': items({ calendar_id: 'office', name: 'Будни', time_zone: '', week: [{ weekday: 1, from: 540, to: 1080 }, { weekday: 2, to: 1440 }], days: [], revision: 5 }),
    'GET /api/v1/hours': items({ of: 'calendar', id: 'office', calendar_id: 'office', time_zone: 'UTC', open: false }, { of: 'center', id: 'shop', calendar_id: '', time_zone: 'UTC', open: true }),
    'POST /api/v1/hours/preview': () => ({
      time_zone: 'UTC', open: false,
      days: [{ date: '2026-05-08', special: false, name: '', hours: [{ from: 1320, to: 360 }] }, { date: '2026-05-09', special: true, name: 'Победа', hours: [] }],
    }),
    'GET /api/v1/centers': items({ center_id: 'shop', name: 'Лавка', time_zone: 'Europe/Moscow', calendar_id: '', revision: 2 }),
    'GET /api/v1/lines': items({ line_id: 'help', name: 'Помощь', center_id: 'shop', calendar_id: '', revision: 4 }),
    'GET /api/v1/settings': items(
      { center_id: '', policy, in_force: { policy }, revision: 1, by: 'olga', at: '2026-05-01T10:00:00Z' },
      { center_id: 'shop', policy: { join_text: 'Добрый день' }, affinity: false, in_force: { policy }, revision: 7, by: 'olga', at: '2026-05-01T10:00:00Z' },
    ),
    'GET /api/v1/accounts': items({ account_id: 'site', kind: 'widget', name: 'Сайт', center_id: 'shop', routing: { line_id: 'help' }, disabled: false, own_agents: false, agents: [], revision: 9 }),
    'GET /api/v1/articles': items({ article_id: 'hi', identifier: 'hello', title: 'Приветствие лавки', type_id: '', questions: 0, answers: 1, revision: 1 }),
    'GET /api/v1/articles/closed': () => ({ article_id: 'closed', identifier: 'closed', title: 'Закрыто', answers: [], revision: 1 }),
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const path = url.split('?')[0] ?? '';
    const call = { method, path, body: typeof init.body === 'string' ? (JSON.parse(init.body) as Call['body']) : {} };
    calls.push(call);
    const said = answers[`${method} ${path}`]?.(call) ?? (method === 'PUT' ? call.body : undefined);
    if (said instanceof Response) return said;
    if (method === 'DELETE' && said) return new Response(null, { status: 204 });
    return said === undefined ? refuse(404, { kind: 'not_found' }) : new Response(JSON.stringify(said));
  });
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <LocaleProvider>
        <Looks>
          <AgentsPage />
          <Notifications />
        </Looks>
      </LocaleProvider>
    </QueryClientProvider>,
  );
const put = (path: string) => calls.findLast((c) => c.method === 'PUT' && c.path === `/api/v1/${path}`)?.body;
const press = async (name: string | RegExp, role = 'button') => userEvent.click(await screen.findByRole(role, { name }));
const sheet = async () => within(await screen.findByRole('dialog'));

// proves US-07: agents are managed in the interface.
describe('agents', () => {
  it('are tried with a message: what would come of it is told, and nothing is kept', async () => {
    answers['POST /api/v1/agents/weather/try'] = () => ({
      sent: { event: 'engaged' }, status: 200, answer: '{"actions":[]}', seconds: 0.44, later: false, failure: '', why: '',
      actions: [{ reply: { text: 'Солнце', buttons: [{ caption: 'Ещё' }] } }, { hand_over: { to: 'back' } }],
    });
    show();
    await press('Погода', 'link');
    const form = await sheet();
    await userEvent.type(form.getByRole('textbox', { name: 'Что пишет клиент' }), 'Дождь?{Enter}');
    expect(await form.findByText('Ответил за 0,44 с')).toBeVisible();
    expect(form.getAllByRole('listitem').map((each) => each.textContent)).toEqual(['Сообщение: Солнце [Ещё]', 'Вернёт тому, кто вёл обращение раньше']);
    expect(calls.filter((c) => c.method !== 'GET').map((c) => [c.path, c.body])).toEqual([['/api/v1/agents/weather/try', { text: 'Дождь?' }]]);
    answers['POST /api/v1/agents/weather/try'] = () => ({
      sent: {}, status: 500, answer: 'oh', seconds: 1, later: false, failure: 'unreachable', why: 'it answers 500 Internal Server Error', actions: [{ hand_over: { to: 'onward' } }],
    });
    await press('Проверить');
    expect(await form.findByText('Статус ответа 500 Internal Server Error')).toBeVisible();
    expect(form.getByText('Передаст дальше по цепочке')).toBeVisible();
    answers['POST /api/v1/agents/weather/try'] = () => ({
      sent: {}, status: 0, answer: '', seconds: 0, later: false, failure: 'unreachable', why: 'Post "http://10.0.0.1/turn": dial tcp 10.0.0.1:80: the server does not call 10.0.0.1:80', actions: [],
    });
    await press('Проверить');
    expect(await form.findByText(/^Адрес внутренний/)).toBeVisible();
    await userEvent.type(form.getByRole('textbox', { name: /^Название/ }), 'х');
    expect(form.getByRole('button', { name: 'Проверить' })).toBeDisabled();
  });

  it('are listed with what they do and where they stand, and switched with all that they had', async () => {
    show();
    const row = within(await screen.findByRole('row', { name: /Ночь/ }));
    await row.findByText('Статья «Закрыто» · Поставить в очередь к операторам');
    row.getByText('Вся организация');
    within(screen.getByRole('row', { name: /Погода/ })).getByText('Ни в одной цепочке');
    await userEvent.click(row.getByRole('switch', { name: 'Агент «Ночь» включён' }));
    expect(put('agents/night')).toEqual({ kind: 'hours', name: 'Ночь', article_id: 'closed', ...away('queue'), disabled: true, revision: 3 });
  });

  it('are made of an article that is found, and may not be called as people are', async () => {
    show();
    await press('Новый агент', 'link');
    const form = await sheet();
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    form.getByText('Выберите статью, которой агент здоровается');
    const picker = form.getByRole('combobox', { name: /Статья приветствия/ });
    expect(picker).toHaveFocus();
    await userEvent.click(picker);
    await userEvent.click(await screen.findByRole('option', { name: 'Приветствие лавки' }));
    const id = form.getByRole('textbox', { name: /Идентификатор/ });
    await userEvent.clear(id);
    await userEvent.type(id, 'queue');
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    form.getByText('Имя «queue» занято системой, возьмите другое');
    await userEvent.clear(id);
    await userEvent.type(id, 'hello');
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(put('agents/hello')).toMatchObject({ kind: 'greeting', article_id: 'hi', ...away(''), disabled: false }));
    await waitFor(() => expect(location.pathname).toBe('/agents/list'));
  });

  it('tell a new signing secret once', async () => {
    navigate('/agents/list/weather');
    show();
    const form = await sheet();
    await userEvent.click(form.getByRole('switch', { name: /Выпустить новый секрет/ }));
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    const secret = await screen.findByLabelText('Секрет подписи');
    const told = put('agents/weather')?.secrets as { signing: string[] };
    expect(secret).toHaveValue(told.signing[0]);
    expect(put('agents/weather')).toMatchObject({ external: { url: 'https://w.example/turn' } });
  });

  it('show a refusal at its field, and say where an agent is needed that can not be deleted', async () => {
    answers['PUT /api/v1/agents/weather'] = () => refuse(422, { kind: 'invalid', field: 'external.url', detail: 'an agent is asked at http:// or https://, without a password in the address' });
    answers['DELETE /api/v1/agents/weather'] = () => refuse(409, { kind: 'conflict', detail: 'agent "weather" is in use by account site' });
    navigate('/agents/list/weather');
    show();
    const form = await sheet();
    await userEvent.type(form.getByRole('textbox', { name: /Адрес/ }), '/x');
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await form.findByText('Нужен адрес с http:// или https://, без пароля');
    await userEvent.click(form.getByRole('button', { name: 'Удалить' }));
    await userEvent.click(within(await screen.findByRole('dialog', { name: /Удалить агента/ })).getByRole('button', { name: 'Удалить' }));
    await screen.findByText('Агент «weather» нужен: канал site. Сначала уберите его оттуда');
  });

  it('ask before a form with something unsaved is closed', async () => {
    navigate('/agents/list/weather');
    show();
    const form = await sheet();
    await userEvent.type(form.getByRole('textbox', { name: /Название/ }), '!');
    await userEvent.click(form.getByRole('button', { name: 'Закрыть' }));
    const question = within(await screen.findByRole('dialog', { name: 'Закрыть без сохранения?' }));
    await userEvent.click(question.getByRole('button', { name: 'Отмена' }));
    expect(form.getByRole('textbox', { name: /Название/ })).toHaveValue('Погода!');
    await userEvent.click(form.getByRole('button', { name: 'Закрыть' }));
    await press('Не сохранять');
    await waitFor(() => expect(location.pathname).toBe('/agents/list'));
    expect(calls.some((c) => c.method === 'PUT')).toBe(false);
  });
});

// proves CV-07: the chain of each place, and that a center can have none.
describe('chains', () => {
  it('are put in order, and a center can say that it has none', async () => {
    navigate('/agents/chains/center-shop');
    show();
    const form = await sheet();
    form.getByText('Сейчас это: Бот → Ночь');
    await userEvent.click(form.getByText('Без агентов'));
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(put('settings/shop')).toEqual({ affinity: false, own_agents: true, revision: 7, policy: { join_text: 'Добрый день', agents: [], person_words: [] } }));
  });

  it('move by buttons that keep the focus', async () => {
    navigate('/agents/chains/all');
    show();
    const form = await sheet();
    const down = form.getByRole('button', { name: 'Ниже: Бот' });
    down.focus();
    await userEvent.keyboard('{Enter}');
    expect(form.getAllByRole('listitem').map((li) => li.textContent)).toEqual(['1Ночь · Нерабочее время', '2Бот · ИИ-бот', 'Операторы'].map((text) => expect.stringContaining(text) as string));
    expect(form.getByRole('button', { name: 'Выше: Бот' })).toHaveFocus();
    await userEvent.type(form.getByRole('textbox', { name: /Сколько ждать/ }), '1,5');
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(put('settings/default')).toMatchObject({ own_agents: false, policy: { agents: ['night', 'bot'], person_words: ['оператор'], agent_timeout: '1.5s' } }));
  });

  it('of a channel are its own', async () => {
    navigate('/agents/chains/account-site');
    show();
    const form = await sheet();
    await userEvent.click(form.getByText('Своя цепочка'));
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    form.getByText('Добавьте агента или выберите «Без агентов»');
    await userEvent.click(form.getByRole('combobox', { name: 'Добавить агента' }));
    await userEvent.click(await screen.findByRole('option', { name: /Погода/ }));
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(put('accounts/site')).toEqual({ kind: 'widget', name: 'Сайт', center_id: 'shop', routing: { line_id: 'help' }, disabled: false, revision: 9, own_agents: true, agents: ['weather'] }));
  });
});

// proves BT-02, US-05: hours are written down and given to centers and lines.
describe('working hours', () => {
  it('are of several intervals and special days', async () => {
    navigate('/agents/hours/office');
    show();
    const form = await sheet();
    form.getByText('Круглые сутки');
    expect(await form.findByText('Победа')).toBeInTheDocument();
    expect(form.getByText('22:00–06:00')).toBeInTheDocument();
    expect(form.getAllByText('Сейчас: закрыто')).toHaveLength(2);
    await userEvent.click(form.getByRole('button', { name: 'Добавить промежуток: Понедельник' }));
    await userEvent.type(form.getByRole('textbox', { name: 'Понедельник, 2: до' }), '21');
    await userEvent.click(form.getByRole('button', { name: 'Добавить день' }));
    await userEvent.type(form.getByRole('textbox', { name: 'Дата' }), '9.5');
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(put('calendars/office')).toEqual({
      name: 'Будни', time_zone: '', revision: 5, days: [{ date: '--05-09', name: '', hours: [] }],
      week: [{ weekday: 1, from: 540, to: 1080 }, { weekday: 1, from: 1140, to: 1260 }, { weekday: 2, from: 0, to: 1440 }],
    }));
  });

  it('are given to a line as soon as they are chosen', async () => {
    navigate('/agents/hours');
    show();
    await userEvent.click(await screen.findByRole('combobox', { name: 'Рабочее время: Помощь' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Будни' }));
    await waitFor(() => expect(put('lines/help')).toEqual({ name: 'Помощь', center_id: 'shop', calendar_id: 'office', revision: 4 }));
  });
});
