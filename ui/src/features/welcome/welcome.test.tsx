import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MantineProvider } from '@mantine/core';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import { scriptTag } from './Done';
import { begunOf, nextStep, type Kept } from './kept';
import { asOperator } from './save';
import Welcome from './Welcome';

vi.mock('../../sync', async (original) => ({
  ...(await original<object>()),
  useSession: () => ({ user: { userId: 'admin' }, may: () => true }),
}));

type Thing = Record<string, unknown>;

/** A server that keeps what is put, and refuses what it is told to. */
function server() {
  const admin = { user_id: 'admin', login: 'admin', first_name: 'Анна', last_name: '', position_id: '', roles: ['admin', 'login'],
    center_ids: [], line_ids: [], languages: [], skills: [], capacity: 0, disabled: false, has_password: true, revision: 1 };
  const kept: Record<string, Map<string, Thing>> = {
    centers: new Map(), lines: new Map(), users: new Map<string, Thing>([['admin', admin]]), accounts: new Map(),
  };
  const ids: Record<string, string> = { centers: 'center_id', lines: 'line_id', users: 'user_id', accounts: 'account_id' };
  const puts: { path: string; body: Thing }[] = [];
  const refusals: { path: RegExp; status: number; told: Thing; keeps?: boolean }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const [, collection = '', id = ''] = /^\/api\/v1\/(\w+)\/?([^?]*)/.exec(url) ?? [];
    const things = kept[collection];
    if (!things) return new Response('{}');
    if (init.method !== 'PUT') return Response.json({ items: [...things.values()] });
    const body = JSON.parse(init.body as string) as Thing;
    puts.push({ path: `${collection}/${id}`, body });
    const at = refusals.findIndex((r) => r.path.test(`${collection}/${id}`));
    const [refusal] = at < 0 ? [] : refusals.splice(at, 1);
    const old = things.get(id);
    const seen = new Headers(init.headers).get('If-Match');
    if (old && seen !== `"${old.revision}"`) return Response.json({ kind: 'conflict' }, { status: 428 });
    if (!refusal || refusal.keeps) {
      const { password, ...shown } = body;
      const able = collection === 'users' && { has_password: password !== undefined || old?.has_password };
      things.set(id, { ...shown, ...able, [ids[collection] ?? '']: id, revision: Number(old?.revision ?? 0) + 1 });
    }
    return refusal ? Response.json(refusal.told, { status: refusal.status }) : Response.json({ ...things.get(id), signing: old ? undefined : 'sign_1' });
  });
  return { kept, puts, refusals };
}

beforeEach(() => queryClient.clear());

async function show() {
  const user = userEvent.setup();
  render(<MantineProvider env="test"><LocaleProvider initial="ru"><Welcome /></LocaleProvider></MantineProvider>);
  await screen.findByRole('heading', { level: 2, name: /Колл-центр/ });
  return user;
}

const part = (name: string) => within(screen.getByRole('region', { name }));
const field = (name: string) => screen.getAllByRole('textbox', { name }).find((each) => each.closest('[hidden]') === null) as HTMLElement;

async function makeCenter(user: ReturnType<typeof userEvent.setup>) {
  await user.type(field('Название'), 'Лавка чая');
  await user.click(screen.getByRole('button', { name: 'Создать и продолжить' }));
}

describe('the center', () => {
  it('needs a name, and is made with its line', async () => {
    const { puts } = server();
    const user = await show();
    expect(field('Название')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Создать и продолжить' }));
    expect(field('Название')).toHaveAccessibleDescription('Заполните это поле');
    expect(field('Название')).toHaveFocus();
    expect(puts).toEqual([]);
    await makeCenter(user);
    expect(await screen.findByText('«Лавка чая», группа «Поддержка»')).toBeVisible();
    expect(puts.map((p) => p.path)).toEqual(['centers/lavka-chaya', 'lines/podderzhka']);
    expect(puts[1]?.body).toEqual({ name: 'Поддержка', center_id: 'lavka-chaya' });
    await waitFor(() => expect(screen.getByRole('radio', { name: 'Новый оператор' })).toHaveFocus());
  });

  it('goes on where it failed, and makes nothing twice', async () => {
    const { kept, refusals } = server();
    refusals.push({ path: /^lines/, status: 503, told: { kind: 'busy' } });
    const user = await show();
    await makeCenter(user);
    expect(await screen.findByRole('alert')).toHaveTextContent('Не получилось сохранить');
    expect(kept.centers?.size).toBe(1);
    expect(kept.lines?.size).toBe(0);
    expect(field('Название')).toHaveValue('Лавка чая');
    await user.click(screen.getByRole('button', { name: 'Создать и продолжить' }));
    await screen.findByText('«Лавка чая», группа «Поддержка»');
    expect(kept.centers?.size).toBe(1);
    expect(kept.lines?.size).toBe(1);
  });

  it('tells what the server refuses beside its field', async () => {
    const { refusals } = server();
    refusals.push({ path: /^centers/, status: 422, told: { kind: 'invalid', field: 'time_zone' } });
    const user = await show();
    await makeCenter(user);
    const zone = await screen.findByText('Сервер не знает такого часового пояса');
    expect(screen.getByRole('combobox', { name: 'Часовой пояс' })).toHaveAccessibleDescription(expect.stringContaining(zone.textContent ?? '-'));
  });

  it('is needed by the other steps', async () => {
    server();
    const user = await show();
    await user.click(screen.getByRole('button', { name: 'Пропустить' }));
    await user.click(part('Первый оператор').getByRole('button', { name: 'К первому шагу' }));
    expect(field('Название')).toHaveFocus();
  });
});

describe('the operator', () => {
  it('gets a login of the name and a password that is shown once', async () => {
    const { puts } = server();
    const user = await show();
    await makeCenter(user);
    await user.type(await screen.findByRole('textbox', { name: 'Имя' }), 'Ольга');
    await user.type(field('Фамилия'), 'Иванова');
    expect(field('Логин')).toHaveValue('olga.ivanova');
    await user.clear(field('Логин'));
    await user.type(field('Логин'), 'Admin');
    await user.click(screen.getByRole('button', { name: 'Создать оператора' }));
    expect(field('Логин')).toHaveAccessibleDescription(expect.stringContaining('Такой логин уже есть'));
    await user.clear(field('Логин'));
    await user.type(field('Логин'), 'olga');
    await user.click(screen.getByRole('button', { name: 'Создать оператора' }));
    await screen.findByText(/Оператор Ольга Иванова создан/);
    const made = puts.at(-1);
    expect(made?.path).toBe('users/olga');
    expect(made?.body).toMatchObject({ login: 'olga', center_ids: ['lavka-chaya'], line_ids: ['podderzhka'], capacity: 5, disabled: false });
    expect(made?.body.roles).toContain('view_client');
    expect(made?.body.roles).not.toContain('modify_users');
    const password = made?.body.password as string;
    await user.click(screen.getByRole('button', { name: 'Скопировать: Пароль' }));
    expect(await navigator.clipboard.readText()).toBe(password);
    await user.click(screen.getByRole('button', { name: 'Дальше' }));
    await waitFor(() => expect(screen.queryByText(password)).not.toBeInTheDocument());
    expect(screen.getByText('Ольга Иванова')).toBeVisible();
  });

  it('is made with the same password if the first answer was lost', async () => {
    const { puts, kept, refusals } = server();
    const user = await show();
    await makeCenter(user);
    await user.type(await screen.findByRole('textbox', { name: 'Имя' }), 'Ольга');
    refusals.push({ path: /^users/, status: 503, told: { kind: 'busy' }, keeps: true });
    await user.click(screen.getByRole('button', { name: 'Создать оператора' }));
    await screen.findByRole('alert');
    await user.click(screen.getByRole('button', { name: 'Создать оператора' }));
    await screen.findByText(/Оператор Ольга создан/);
    expect(kept.users?.size).toBe(2);
    expect(puts.at(-1)?.body.password).toBe(puts.at(-2)?.body.password);
  });

  it('may be the administrator, who stays one', async () => {
    const { puts } = server();
    const user = await show();
    await makeCenter(user);
    await user.click(await screen.findByRole('radio', { name: 'Я сам буду отвечать' }));
    await user.click(screen.getByRole('button', { name: 'Стать оператором' }));
    await waitFor(() => expect(field('Приветствие')).toBeVisible());
    expect(puts.at(-1)).toMatchObject({ path: 'users/admin', body: { login: 'admin', line_ids: ['podderzhka'], center_ids: [], capacity: 5 } });
    expect(puts.at(-1)?.body.roles).toEqual(expect.arrayContaining(['admin', 'view_client', 'send_files']));
    expect(puts.at(-1)?.body).not.toHaveProperty('password');
  });

  it('keeps the centers, lines and capacity that the administrator has', () => {
    const me = { user_id: 'a', login: 'a', first_name: '', last_name: '', position_id: 'p', roles: ['admin'], center_ids: ['north'], line_ids: ['cards'],
      languages: ['ru'], skills: ['s'], capacity: 2, disabled: false, has_password: true, revision: 4 };
    expect(asOperator(me, 'south', 'help')).toMatchObject({
      position_id: 'p', center_ids: ['north', 'south'], line_ids: ['cards', 'help'], languages: ['ru'], skills: ['s'], capacity: 2,
    });
  });
});

describe('the widget', () => {
  it('leads the customers to the line, and its tag is shown', async () => {
    const { puts, kept } = server();
    const user = await show();
    await makeCenter(user);
    await user.click(await screen.findByRole('button', { name: 'Пропустить' }));
    const widget = part('Виджет на сайт');
    await user.clear(widget.getByRole('textbox', { name: 'Цвет' }));
    await user.type(widget.getByRole('textbox', { name: 'Цвет' }), 'teal');
    await user.click(widget.getByRole('button', { name: 'Создать виджет' }));
    expect(widget.getByRole('textbox', { name: 'Цвет' })).toHaveAccessibleDescription('Цвет записывают так: #0b6e75');
    await user.clear(widget.getByRole('textbox', { name: 'Цвет' }));
    await user.type(widget.getByRole('textbox', { name: 'Цвет' }), '#C2410C');
    await user.click(widget.getByRole('button', { name: 'Создать виджет' }));
    await screen.findByRole('heading', { name: 'Почти готово' });
    expect(puts.at(-1)).toEqual({
      path: 'accounts/sayt',
      body: { kind: 'widget', name: 'Сайт', center_id: 'lavka-chaya', routing: { line_id: 'podderzhka' }, disabled: false,
        settings: { accent: '#c2410c', texts: { ru: { greeting: 'Здравствуйте! Чем можем помочь?' } } } },
    });
    expect(screen.getByText(scriptTag(location.origin, 'sayt'))).toBeVisible();
    expect(screen.getByText('sign_1')).toBeInTheDocument();
    // What somebody else set for it stays.
    kept.accounts?.set('sayt', { ...kept.accounts.get('sayt'), settings: { rating: false, accent: '#c2410c', texts: { en: { title: 'Hi' } } }, revision: 1 });
    await user.click(screen.getByRole('button', { name: /^Виджет на сайт/ }));
    await user.click(widget.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(puts).toHaveLength(4));
    expect(puts.at(-1)?.body.settings).toEqual({
      rating: false, accent: '#c2410c', texts: { en: { title: 'Hi' }, ru: { greeting: 'Здравствуйте! Чем можем помочь?' } },
    });
  });
});

describe('what is begun', () => {
  const none: Kept = { centers: [], lines: [], users: [], accounts: [] };
  const center = { center_id: 'c', name: '', time_zone: '', revision: 1 };
  const line = { line_id: 'l', name: '', center_id: 'c', revision: 1 };

  it('goes on at the first step that is not done', () => {
    expect(nextStep(begunOf(none))).toBe('center');
    expect(nextStep(begunOf({ ...none, centers: [center] }))).toBe('center');
    expect(nextStep(begunOf({ ...none, centers: [center], lines: [{ ...line, center_id: 'other' }] }))).toBe('center');
    expect(nextStep(begunOf({ ...none, centers: [center], lines: [line] }))).toBe('operator');
    expect(nextStep(begunOf({ ...none, centers: [center], lines: [line] }), 'operator')).toBe('widget');
    expect(nextStep(begunOf(none), 'widget')).toBe('done');
  });

  it('counts only operators who can sign in and widgets that are switched on', () => {
    const user = { user_id: 'u', login: 'u', first_name: '', last_name: '', position_id: '', roles: [], center_ids: [], line_ids: ['l'],
      languages: [], skills: [], capacity: 0, disabled: false, has_password: true, revision: 1 };
    const users = [user, { ...user, user_id: 'off', disabled: true }, { ...user, user_id: 'mute', has_password: false }, { ...user, user_id: 'else', line_ids: [] }];
    const account = { account_id: 'w', kind: 'widget', name: '', center_id: 'c', disabled: true, revision: 1 };
    const begun = begunOf({ centers: [center], lines: [line], users, accounts: [account, { ...account, account_id: 'api', kind: 'api', disabled: false }] });
    expect(begun.operators.map((u) => u.user_id)).toEqual(['u']);
    expect(begun.widget).toBeUndefined();
  });
});
