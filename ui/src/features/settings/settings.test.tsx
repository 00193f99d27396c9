/** The page of settings: whose word holds, how it is changed and taken back, and what became of it. */
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import type { SettingsForm } from '../../sync/settings';
import told from '../../sync/testdata/settings.json';
import SettingsPage from './SettingsPage';

const asked = vi.fn();
let form: SettingsForm;
let answer: (init: RequestInit) => Response;

beforeEach(() => {
  queryClient.clear();
  vi.stubGlobal('fetch', asked);
  history.replaceState(null, '', '/settings');
  form = structuredClone(told) as unknown as SettingsForm;
  form.open = { shop: 2, bank: 3 };
  answer = () => Response.json({ ...form, revision: 8 });
  asked.mockReset().mockImplementation(async (url: string, init?: RequestInit) => {
    if (init?.method === 'PATCH' || init?.method === 'POST') return answer(init);
    if (String(url).includes('/centers')) return Response.json({ items: [{ center_id: 'shop', name: 'Магазин' }, { center_id: 'bank', name: 'Банк' }] });
    if (String(url).includes('/changes')) return Response.json({ items: changes, next: 0 });
    return Response.json({ ...form, center_id: String(url).includes('/shop/') ? 'shop' : '' });
  });
});

const changes = [{
  revision: 12, at: '2026-11-20T10:00:00Z', by: 'u1', name: 'Анна Петрова',
  differences: [{ id: 'connection_grace', before: '60s', after: '5s' }, { id: 'policy.join_text', before: null, after: 'Здравствуйте' }],
}];

async function show() {
  render(
    <QueryClientProvider client={queryClient}>
      <LocaleProvider>
        <Looks>
          <Notifications />
          <SettingsPage />
        </Looks>
      </LocaleProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole('combobox', { name: 'Для кого' });
}

const sent = (method: string) => {
  const [url, init] = asked.mock.calls.find(([, i]) => i?.method === method) ?? [];
  return { url, body: init && JSON.parse(String(init.body)) };
};

// proves US-05, OP-12, OP-15
describe('settings', () => {
  it('are changed together, and say before that whom it concerns', async () => {
    await show();
    await userEvent.click(await screen.findByRole('switch', { name: 'Прежний оператор' }));
    const grace = screen.getByRole('textbox', { name: 'Ожидание при потере связи' });
    await userEvent.clear(grace);
    await userEvent.type(grace, '5');
    const bar = screen.getByRole('region', { name: 'Несохранённые изменения' });
    expect(bar).toHaveTextContent('Изменены 2 настройки');
    expect(bar).toHaveTextContent('Сразу подействует на 5 открытых обращений');
    await userEvent.click(within(bar).getByRole('button', { name: 'Сохранить' }));
    expect(sent('PATCH')).toEqual({ url: '/api/v1/settings/default', body: { revision: form.revision, set: { affinity: false, connection_grace: '5s' }, unset: [] } });
    expect(await screen.findByText(/Настройки сохранены. Сразу подействует/)).toBeInTheDocument();
    expect(screen.queryByRole('region', { name: 'Несохранённые изменения' })).toBeNull();
  });

  it('are refused where they are entered, by the bounds and by the server', async () => {
    await show();
    const grace = await screen.findByRole('textbox', { name: 'Ожидание при потере связи' });
    await userEvent.clear(grace);
    await userEvent.type(grace, '3601{Enter}');
    expect(await screen.findByText('Нужно число от 0 до 3 600')).toBeInTheDocument();
    expect(sent('PATCH').url).toBeUndefined();
    answer = () => Response.json({ status: 422, field: 'connection_grace', detail: 'this is from 0s to 1h0m0s' }, { status: 422 });
    await userEvent.type(grace, '{Backspace}{Enter}');
    expect(await screen.findByText('Сервер не принял это значение')).toBeInTheDocument();
    expect(grace).toHaveFocus();
  });

  it('of a center are given back to the organisation', async () => {
    history.replaceState(null, '', '/settings?center=shop');
    const own = form.settings.find((s) => s.id === 'auto_capital')!;
    Object.assign(own, { value: true, own: true, from: 'center' });
    await show();
    expect(await screen.findByText('Задано для этого колл-центра')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Вернуть: Заглавная буква в начале предложения' }));
    expect(screen.getByRole('switch', { name: 'Заглавная буква в начале предложения' })).not.toBeChecked();
    expect(screen.queryByRole('textbox', { name: 'Время обучения бота' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    expect(sent('PATCH')).toEqual({ url: '/api/v1/settings/shop', body: { revision: form.revision, set: {}, unset: ['auto_capital'] } });
  });

  it('are found by what they do, and the search stands in the address', async () => {
    await show();
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Найти настройку' }), 'подчеркиваются');
    expect(location.search).toContain('q=');
    expect(await screen.findByRole('switch', { name: 'Проверять орфографию' })).toBeInTheDocument();
    expect(screen.queryByRole('switch', { name: 'Прежний оператор' })).toBeNull();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Найти настройку' }), ' и нечто');
    expect(await screen.findByText('Ничего не нашлось')).toBeInTheDocument();
  });

  it('keep what was entered when somebody else was faster', async () => {
    await show();
    await userEvent.click(await screen.findByRole('switch', { name: 'Прежний оператор' }));
    answer = () => Response.json({ status: 409, kind: 'conflict', detail: 'settings "" was changed by anna at 2026-11-20T10:00:00Z' }, { status: 409 });
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    expect(await screen.findByText(/настройки изменил anna/)).toBeInTheDocument();
    expect(screen.getByRole('switch', { name: 'Прежний оператор' })).not.toBeChecked();
  });

  // proves US-08
  it('have a history, in which each change is taken back after a look at what comes of it', async () => {
    history.replaceState(null, '', '/settings/changes');
    await show();
    const table = await screen.findByRole('table');
    expect(screen.getByText('Анна Петрова')).toBeInTheDocument();
    expect(within(table).getByRole('row', { name: /Ожидание при потере связи 60 с 5 с/ })).toBeInTheDocument();
    expect(within(table).getByRole('row', { name: /Сообщение о подключении оператора Не задано Здравствуйте/ })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: /Отменить изменение от/ }));
    const dialog = await screen.findByRole('dialog');
    answer = () => Response.json({ status: 422, field: 'policy.agents', detail: 'there is no agent "bot"' }, { status: 422 });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Отменить изменение' }));
    expect(sent('POST')).toEqual({ url: '/api/v1/settings/default/changes/12/undo', body: { revision: form.revision } });
    expect(await screen.findByText('Агента «bot» больше нет')).toBeInTheDocument();
  });
});
