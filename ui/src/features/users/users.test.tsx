import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { navigate } from 'wouter/use-browser-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import UsersPage from './UsersPage';

interface Call {
  method: string;
  path: string;
  query: string;
  body: Record<string, unknown>;
}

let answers: Record<string, (call: Call) => unknown>;
let calls: Call[];

const items = (...all: unknown[]) => () => ({ items: all, total: all.length });
const grants = { roles: [], center_ids: [], line_ids: [], languages: [], skills: [] };
const user = (user_id: string, more: object = {}) => ({
  user_id, login: user_id, first_name: '', last_name: '', position_id: '', capacity: 0, disabled: false, has_password: true, revision: 4, by: 'admin', at: '2026-05-01T10:00:00Z', ...grants, ...more,
});
const oleg = user('oleg', { last_name: 'Орлов', first_name: 'Олег', center_ids: ['shop'], line_ids: ['help'], roles: ['view_kb'] });
const dina = user('dina', { last_name: 'Дёмина', disabled: true });

beforeEach(() => {
  queryClient.clear();
  calls = [];
  navigate('/users');
  answers = {
    'GET /api/v1/session': () => ({ user: user('admin', { login: 'admin', roles: ['admin', 'modify_users', 'view_users', 'view_kb', 'view_stat'] }) }),
    'GET /api/v1/users': items(oleg, dina),
    'GET /api/v1/users/oleg': () => oleg,
    'GET /api/v1/users/oleg/view': () => ({
      user_id: 'oleg', signs_in: true, roles: ['view_kb'], acts: [{ name: 'monitor', allowed: false }, { name: 'read_knowledge', allowed: true }],
      scope: { everywhere: false, nowhere: false, serves: true, center_ids: ['shop'], line_ids: ['help'], languages: [], skills: [] },
      open: { waiting: 3, served: 2, automatic: 0 }, held: 2, on_reception: true,
    }),
    'GET /api/v1/positions': items({ position_id: 'senior', name: 'Старший', ...grants, roles: ['view_kb', 'send_pics'], line_ids: ['help'], center_ids: ['shop'], revision: 2 }),
    'GET /api/v1/centers': items({ center_id: 'shop', name: 'Лавка' }),
    'GET /api/v1/lines': items({ line_id: 'help', name: 'Помощь' }),
    'GET /api/v1/languages': items({ language: 'ru', name: 'Русский' }),
    'GET /api/v1/skills': items(),
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const [path = '', query = ''] = url.split('?');
    const call = { method, path, query, body: typeof init.body === 'string' ? (JSON.parse(init.body) as Call['body']) : {} };
    calls.push(call);
    const said = answers[`${method} ${path}`]?.(call) ?? (method === 'PUT' ? { ...user('x'), ...call.body } : undefined);
    if (said instanceof Response) return said;
    return said === undefined ? new Response('{"status":404,"kind":"not_found"}', { status: 404 }) : new Response(JSON.stringify(said));
  });
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <LocaleProvider>
        <Looks>
          <UsersPage sections={(may) => (may('view_kb') ? ['База знаний'] : [])} />
          <Notifications />
        </Looks>
      </LocaleProvider>
    </QueryClientProvider>,
  );
const last = (method: string, path: string) => calls.findLast((c) => c.method === method && c.path === path);
const press = async (name: string | RegExp, role = 'button') => userEvent.click(await screen.findByRole(role, { name }));
const dialog = async () => within(await screen.findByRole('dialog'));

// proves US-01: users are searched, sorted and paged by the server.
describe('the table of users', () => {
  it('asks the server for what is searched for, sorted by and shown, all of it in the address', async () => {
    show();
    expect(await screen.findByRole('link', { name: 'Орлов Олег' })).toBeVisible();
    expect(screen.getByText('отключён')).toBeVisible();
    expect(new URLSearchParams(last('GET', '/api/v1/users')?.query).get('limit')).toBe('10');
    await press(/^Логин/);
    await press(/^Логин/);
    await waitFor(() => expect(new URLSearchParams(last('GET', '/api/v1/users')?.query).get('sort')).toBe('-login'));
    expect(await screen.findByRole('columnheader', { name: /Логин/ })).toHaveAttribute('aria-sort', 'descending');
    await userEvent.type(screen.getByRole('searchbox', { name: 'Поиск пользователя' }), 'помощь');
    await waitFor(() => expect(new URLSearchParams(location.search).get('search')).toBe('помощь'));
    expect(new URLSearchParams(last('GET', '/api/v1/users')?.query).get('search')).toBe('помощь');
  });
});

// proves US-02, US-03: a user is added and edited; the position presets by two buttons.
describe('the form of a user', () => {
  it('needs a login and an identifier, and takes over what the position presets', async () => {
    navigate('/users/list/new');
    answers['PUT /api/v1/users/eva'] = ({ body }) => ({ ...user('eva'), ...body, has_password: false });
    answers['GET /api/v1/users/eva'] = () => user('eva', { has_password: false });
    show();
    const form = await dialog();
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    expect(await form.findByText('Введите логин')).toBeVisible();
    expect(form.getByText('Введите идентификатор')).toBeVisible();
    expect(calls.some((c) => c.method === 'PUT')).toBe(false);
    const id = form.getByRole('textbox', { name: /Идентификатор/ });
    await userEvent.type(form.getByRole('textbox', { name: /Логин/ }), 'e.v');
    expect(id).toHaveValue('e-v'); // it follows the login until somebody writes one
    await userEvent.clear(id);
    await userEvent.type(id, 'eva');
    await userEvent.clear(form.getByRole('textbox', { name: /Логин/ }));
    await userEvent.type(form.getByRole('textbox', { name: /Логин/ }), 'eva');
    expect(id).toHaveValue('eva');
    expect(form.getByRole('button', { name: 'Установить роли в соответствии с должностью' })).toBeDisabled();
    await userEvent.click(form.getByRole('combobox', { name: 'Должность' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Старший' }));
    await userEvent.click(form.getByRole('button', { name: 'Установить роли в соответствии с должностью' }));
    await userEvent.click(form.getByRole('button', { name: /Установить заказчиков/ }));
    await userEvent.click(form.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(last('PUT', '/api/v1/users/eva')?.body).toMatchObject({ login: 'eva', position_id: 'senior', roles: ['view_kb', 'send_pics'], center_ids: ['shop'], line_ids: ['help'], capacity: 3 }));
  });

  it('explains every role, and offers none that one does not have', async () => {
    navigate('/users/list/oleg');
    show();
    const all = await screen.findAllByRole('checkbox', { name: /[a-z_]{5,}/, hidden: true });
    const form = await dialog();
    expect(all.length).toBeGreaterThanOrEqual(22);
    expect(form.getByText('Переводит обращения')).toBeInTheDocument();
    expect(form.getByLabelText(/view_reroute_btn/)).toBeDisabled();
    expect(form.getByLabelText(/view_stat/)).toBeEnabled();
  });

  it('tells how many conversations go back before somebody is switched off', async () => {
    navigate('/users/list/oleg');
    show();
    await userEvent.click(await screen.findByRole('switch', { name: /Отключён/ }));
    await press('Сохранить');
    expect(await screen.findByText(/2 открытых диалога вернутся в очередь/)).toBeVisible();
    expect(calls.some((c) => c.method === 'PUT')).toBe(false);
    await press('Отключить');
    await waitFor(() => expect(last('PUT', '/api/v1/users/oleg')?.body).toMatchObject({ disabled: true, revision: 4 }));
  });

  it('shows a link once', async () => {
    navigate('/users/list/oleg');
    answers['POST /api/v1/users/oleg/invitation'] = () => ({ token: 'abc', until: '2026-05-01T10:30:00Z', renewal: true });
    show();
    await press('Сбросить пароль');
    expect(await screen.findByRole('textbox', { name: 'Ссылка' })).toHaveValue(`${location.origin}/invite#abc`);
  });
});

describe('what a user sees', () => {
  it('is told as the server judges, with the menu as it would be', async () => {
    navigate('/users/list/oleg/view');
    show();
    const seen = await dialog();
    expect(await seen.findByText('База знаний')).toBeVisible();
    expect(seen.getByText('Колл-центры: Лавка.')).toBeVisible();
    expect(seen.getByText(/5 открытых обращений/)).toHaveTextContent('В очереди 3, у операторов 2');
    const acts = seen.getByRole('region', { name: 'Что может делать' });
    expect(within(acts).getAllByRole('listitem').map((li) => li.textContent)).toEqual(['Читает базу знаний', 'Смотрит мониторинг']);
  });
});

describe('many users', () => {
  it('are looked at first, and changed only if nobody is wrong', async () => {
    let wrong = 1;
    answers['PATCH /api/v1/users'] = ({ body }) => ({
      dry_run: body.dry_run, done: !body.dry_run, new: 0, changed: 2 - wrong, wrong,
      items: [
        { line: 0, user_id: 'oleg', name: 'Орлов Олег', outcome: 'changed', faults: [], changes: [{ field: 'roles', before: 'view_kb', after: 'view_kb, view_stat' }], held: 0 },
        { line: 0, user_id: 'dina', name: 'Дёмина', outcome: wrong ? 'wrong' : 'changed', faults: wrong ? [{ field: 'roles', detail: 'the permission view_stat is not yours to give' }] : [], changes: [], held: 0 },
      ],
    });
    show();
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Отметить всех на странице' }));
    await press('Изменить отмеченных');
    const many = await dialog();
    await userEvent.click(many.getByRole('combobox', { name: 'Добавить роли' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Видит статистику' }));
    await userEvent.click(many.getByRole('button', { name: 'Показать, что изменится' }));
    expect(await many.findByText(/Роли view_stat у вас самих нет/)).toBeVisible();
    expect(many.getByRole('button', { name: 'Применить' })).toBeDisabled();
    wrong = 0;
    await userEvent.click(many.getByRole('button', { name: 'Назад' }));
    await userEvent.click(many.getByRole('button', { name: 'Показать, что изменится' }));
    await userEvent.click(await many.findByRole('button', { name: 'Применить' }));
    await waitFor(() => expect(last('PATCH', '/api/v1/users')?.body).toMatchObject({ dry_run: false, add: { roles: ['view_stat'] }, users: [{ user_id: 'oleg', revision: 4 }, { user_id: 'dina', revision: 4 }] }));
    expect(await screen.findByText('Изменено 2 пользователя')).toBeVisible();
  });
});
