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
  name: string;
  body: Record<string, unknown>;
}

let answers: Record<string, (call: Call) => unknown>;
let calls: Call[];

const items = (...all: unknown[]) => () => ({ items: all, total: all.length });
const grants = { roles: [], center_ids: [], line_ids: [], languages: [], skills: [] };
const user = (user_id: string, more: object = {}) => ({
  user_id, login: user_id, first_name: '', last_name: '', position_id: '', capacity: 0, disabled: false, has_password: true, revision: 4, by: 'admin', at: '2026-05-01T10:00:00Z', ...grants, ...more,
});
const keycloak = { provider_id: 'keycloak', name: 'Keycloak', issuer: 'https://id.example', client_id: 'crafttalk', disabled: false, has_secret: true, revision: 7 };
const factor = { factor_id: 'f1', kind: 'totp', name: 'Телефон Олега', at: '2026-04-01T10:00:00Z' };

beforeEach(() => {
  queryClient.clear();
  calls = [];
  let link = true;
  let factors: unknown[] = [factor];
  answers = {
    'GET /api/v1/session': () => ({ user: user('admin', { roles: ['admin', 'modify_users'] }) }),
    'GET /api/v1/session/ways': () => ({ passkeys: true, providers: [], return_address: 'https://chat.example/signin/return' }),
    'GET /api/v1/users': items(user('oleg'), user('admin')),
    'GET /api/v1/users/oleg': () => user('oleg', { last_name: 'Орлов' }),
    'GET /api/v1/users/admin': () => user('admin'),
    'GET /api/v1/users/oleg/factors': () => ({ items: factors, recovery_left: 3, needed: true, identities: [] }),
    'DELETE /api/v1/users/oleg/factors/f1': () => ((factors = []), ''),
    'GET /api/v1/users/oleg/invitation': () => ({ open: link, until: '2026-05-04T10:00:00Z', renewal: true }),
    'GET /api/v1/users/admin/invitation': () => ({ open: false, renewal: false }),
    'DELETE /api/v1/users/oleg/invitation': () => ((link = false), ''),
    'GET /api/v1/providers': items(keycloak),
    'GET /api/v1/positions': items(), 'GET /api/v1/centers': items(), 'GET /api/v1/lines': items(), 'GET /api/v1/languages': items(), 'GET /api/v1/skills': items(),
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const call = { name: `${init.method ?? 'GET'} ${url.split('?')[0]}`, body: typeof init.body === 'string' ? (JSON.parse(init.body) as Call['body']) : {} };
    calls.push(call);
    const said = answers[call.name]?.(call);
    if (said === undefined) return new Response('{"status":404,"kind":"not_found"}', { status: 404 });
    return said instanceof Response ? said : said === '' ? new Response(null, { status: 204 }) : new Response(JSON.stringify(said));
  });
});

const show = (path: string) => {
  navigate(path);
  render(
    <QueryClientProvider client={queryClient}>
      <LocaleProvider>
        <Looks>
          <UsersPage sections={() => []} />
          <Notifications />
        </Looks>
      </LocaleProvider>
    </QueryClientProvider>,
  );
};
const last = (name: string) => calls.findLast((c) => c.name === name)?.body;
const named = (name: string) => screen.findByRole('textbox', { name });
const enter = async (name: string, text: string) => {
  await userEvent.click(await named(name));
  await userEvent.paste(text);
};
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

// proves SECURITY 6.3.3
describe('providers', () => {
  it('are added with the address that people come back to, and tell a secret once', async () => {
    answers['PUT /api/v1/providers/adfs'] = ({ body }) => ({ ...keycloak, ...body, provider_id: 'adfs', revision: 8 });
    show('/users/providers/new');
    expect(await named('Адрес возврата (redirect URI)')).toHaveValue('https://chat.example/signin/return');
    await press('Сохранить');
    expect(await screen.findByText('Нужен адрес с https:// или http://')).toBeVisible();
    await enter('Название на кнопке', 'ADFS');
    await enter('Адрес провайдера (issuer)', 'adfs.example');
    await enter('Идентификатор клиента (client id)', 'chat');
    await userEvent.type(screen.getByLabelText('Секрет клиента'), 'between us');
    await press('Сохранить');
    await waitFor(() => expect(last('PUT /api/v1/providers/adfs')).toEqual({ name: 'ADFS', issuer: 'https://adfs.example', client_id: 'chat', disabled: false, client_secret: 'between us' }));
  });

  it('keep the secret that is not entered, and want it anew for another address', async () => {
    answers['PUT /api/v1/providers/keycloak'] = ({ body }) => ({ ...keycloak, ...body });
    show('/users/providers/keycloak');
    await enter('Адрес провайдера (issuer)', '/realm');
    await press('Сохранить');
    expect(await screen.findByText('У провайдера другой адрес: введите секрет заново')).toBeVisible();
    expect(last('PUT /api/v1/providers/keycloak')).toBeUndefined();
    await userEvent.clear(await named('Адрес провайдера (issuer)'));
    await enter('Адрес провайдера (issuer)', 'https://id.example');
    await userEvent.click(screen.getByRole('switch', { name: 'Через него можно войти' }));
    await press('Сохранить');
    await waitFor(() => expect(last('PUT /api/v1/providers/keycloak')).toEqual({ name: 'Keycloak', issuer: 'https://id.example', client_id: 'crafttalk', disabled: true, revision: 7 }));
  });

  it('are tried, and what stands in the way is said', async () => {
    const mistake = `the provider can't be asked: oidc: issuer URL provided to client ("https://id.example") did not match the issuer URL returned by provider ("https://id.example/")`;
    answers['POST /api/v1/providers/keycloak/test'] = () => ({ works: false, reason: mistake });
    show('/users/providers/keycloak');
    await press('Проверить');
    expect(await screen.findByText(/Вы ввели адрес «https:\/\/id.example», а провайдер называет себя «https:\/\/id.example\/»/)).toBeVisible();
    answers['POST /api/v1/providers/keycloak/test'] = () => ({ works: true, reason: '' });
    await press('Проверить');
    expect(await screen.findByText(/Провайдер отвечает/)).toBeVisible();
  });
});

// proves SECURITY 6.5
describe('the form of a user', () => {
  it('tells what the user signs in with, and takes a lost factor away after a question', async () => {
    show('/users/list/oleg');
    const part = within(await screen.findByRole('region', { name: 'Чем подтверждает вход' }));
    expect(await part.findByText('Телефон Олега')).toBeVisible();
    expect(part.getByText(/Приложение с кодами\. Добавлен .*, ещё не использовался/)).toBeVisible();
    expect(part.getByText('Осталось 3 кода восстановления')).toBeVisible();
    await press('Снять: Телефон Олега');
    const question = await screen.findByRole('dialog', { name: 'Снять «Телефон Олега»?' });
    expect(calls.some((c) => c.name.startsWith('DELETE'))).toBe(false);
    await userEvent.click(within(question).getByRole('button', { name: 'Снять' }));
    expect(await part.findByText(/Второго фактора нет, но роль его требует/)).toBeVisible();
  });

  it('does not tell it of who may do more', async () => {
    answers['GET /api/v1/users/oleg/factors'] = () => new Response('{"status":403,"kind":"denied","detail":"no"}', { status: 403 });
    show('/users/list/oleg');
    expect(await screen.findByText(/У пользователя больше прав, чем у вас/)).toBeVisible();
  });

  it('links an account at a provider', async () => {
    answers['POST /api/v1/users/oleg/identities'] = () => ({ items: [] });
    show('/users/list/oleg');
    await enter('Поле sub у провайдера', '901');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(last('POST /api/v1/users/oleg/identities')).toEqual({ provider_id: 'keycloak', subject: '901' }));
    expect(calls.some((c) => c.name.startsWith('PUT'))).toBe(false);
  });

  it('sends to the profile for the own ones', async () => {
    show('/users/list/admin');
    expect(await screen.findByRole('link', { name: 'Профиль и настройки' })).toHaveAttribute('href', '/profile');
  });

  // proves US-02
  it('tells of a link that is out, and withdraws it', async () => {
    show('/users/list/oleg');
    await press('Отозвать ссылку');
    await userEvent.click(within(await screen.findByRole('dialog', { name: 'Отозвать ссылку?' })).getByRole('button', { name: 'Отозвать ссылку' }));
    await waitFor(() => expect(screen.queryByText(/Ссылка для пароля выдана/)).toBeNull());
    expect(last('DELETE /api/v1/users/oleg/invitation')).toBeDefined();
  });
});
