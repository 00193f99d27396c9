/** The settings of an organisation and its centers: whose word holds, and how it is taken back. */
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient, type AllSettings, type OptionValues } from '../../sync';
import SettingsPage from './SettingsPage';

const asked = vi.fn();

const builtIn: Required<OptionValues> = { auto_capital: false, spell_check: true, forbid_errors: false, notify_assign: true, ask_dissatisfied: true, affinity: true };
const mark = { revision: 3, by: 'admin', at: '2026-11-20T10:00:00Z' };
let places: AllSettings['places'];

beforeEach(() => {
  queryClient.clear();
  vi.stubGlobal('fetch', asked);
  history.replaceState(null, '', '/settings');
  places = [
    { center_id: '', ...mark, train_at: '04:00', in_force: builtIn },
    { center_id: 'shop', ...mark, auto_capital: true, policy: { remind_after: '60s' }, in_force: { ...builtIn, auto_capital: true } },
  ];
  asked.mockReset().mockImplementation(async (url: string, init?: RequestInit) => {
    if (init?.method === 'PUT') return Response.json({});
    const items = String(url).includes('/centers') ? [{ center_id: 'shop', name: 'Магазин' }] : places;
    return Response.json({ items });
  });
});

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
  await screen.findByRole('switch', { name: 'Проверять орфографию' });
}

const put = () => {
  const [url, init] = asked.mock.calls.find(([, i]) => i?.method === 'PUT') ?? [];
  return { url, body: JSON.parse(String(init?.body)) };
};

// proves OP-12, OP-15: whether sentences begin with a capital, words are looked up and errors kept back is said here.
describe('settings', () => {
  it('show what holds for everybody, and say one thing without touching the others', async () => {
    await show();
    expect(screen.getByRole('switch', { name: 'Проверять орфографию' })).toBeChecked();
    expect(screen.getAllByText('По умолчанию')).toHaveLength(6);
    await userEvent.click(screen.getByRole('switch', { name: 'Не отправлять с ошибками' }));
    expect(put()).toEqual({ url: '/api/v1/settings/default', body: { revision: 3, train_at: '04:00', forbid_errors: true } });
  });

  it('of a center are as the organisation has them, but for what is its own, and go back', async () => {
    history.replaceState(null, '', '/settings?center=shop');
    await show();
    expect(screen.getAllByText('Как у всей организации')).toHaveLength(5);
    const part = screen.getByRole('region', { name: 'Набор ответа' });
    expect(within(part).getByText('Задано для этого колл-центра')).toBeInTheDocument();
    await userEvent.click(within(part).getByRole('button', { name: 'Вернуть: Заглавная буква в начале предложения' }));
    expect(put()).toEqual({ url: '/api/v1/settings/shop', body: { revision: 3, policy: { remind_after: '60s' } } });
  });

  it('lead to a center and keep it in the address', async () => {
    await show();
    await userEvent.click(screen.getByRole('combobox', { name: 'Для кого' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Магазин' }));
    expect(location.search).toBe('?center=shop');
    expect(screen.getByRole('switch', { name: 'Заглавная буква в начале предложения' })).toBeChecked();
  });

  it('keep nothing back for errors that nobody looks for', async () => {
    places[0]!.in_force = { ...builtIn, spell_check: false };
    await show();
    expect(screen.getByRole('switch', { name: 'Не отправлять с ошибками' })).toBeDisabled();
    expect(screen.getByText('Сначала включите проверку орфографии')).toBeInTheDocument();
  });

  it('say why a change was not taken, and show what holds', async () => {
    await show();
    asked.mockImplementationOnce(async () => Response.json({ title: 'Conflict', status: 409, detail: 'somebody has changed it' }, { status: 409 }));
    await userEvent.click(screen.getByRole('switch', { name: 'Проверять орфографию' }));
    expect(await screen.findByRole('alert')).toBeInTheDocument();
    expect(screen.getByRole('switch', { name: 'Проверять орфографию' })).toBeChecked();
  });
});
