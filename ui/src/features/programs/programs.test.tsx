import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import type { ApiKey, Webhook } from '../../sync/programs';
import ProgramsPage from './ProgramsPage';

const sync = vi.hoisted(() => ({ keys: [] as unknown[], webhooks: [] as unknown[], putKey: vi.fn(), rotate: vi.fn(), test: vi.fn(), resend: vi.fn(), fate: {} as unknown }));
vi.mock('../../sync/programs', async (original) => ({
  ...(await original<object>()), useKeys: () => ({ data: sync.keys }), useWebhooks: () => ({ data: sync.webhooks }), putKey: sync.putKey, rotateKey: sync.rotate,
  testWebhook: sync.test, resend: sync.resend, useFate: () => ({ data: sync.fate }),
}));

const grants = { roles: ['view_stat'], center_ids: [], line_ids: [], languages: [], skills: [] };
const key: ApiKey = { ...grants, key_id: 'crm', name: 'CRM', rate: 0, disabled: false, revision: 3, by: 'boss', at: '2026-01-01T00:00:00Z' };
const hook: Webhook = { ...grants, webhook_id: 'bi', name: 'BI', url: 'https://bi.example', kinds: ['rating_given'], disabled: false, revision: 4 };

beforeEach(() => {
  vi.resetAllMocks();
  sync.keys = [key];
  sync.webhooks = [hook];
  sync.fate = { waiting: 1, items: [{ at: '2026-01-02T00:00:00Z', item: 'i1', kind: 'rating_given', status: 500, duration_ms: 12, error: 'the receiver answers 500' }], failed: [{ item: 'i0', first_at: '2026-01-01T00:00:00Z', tries: 9, error: 'no answer' }] };
});

function show(path: string) {
  const { hook: at, searchHook } = memoryLocation({ path });
  render(
    <LocaleProvider>
      <Looks>
        <Router hook={at} searchHook={searchHook}>
          <ProgramsPage />
        </Router>
      </Looks>
    </LocaleProvider>,
  );
}

// proves AP-01
describe('keys', () => {
  it('are shown with their roles, their rate and when they were used', async () => {
    show('/programs/keys');
    const row = within((await screen.findByRole('link', { name: 'CRM' })).closest('tr')!);
    expect(row.getByText('Статистика')).toBeInTheDocument();
    expect(row.getByText('600')).toBeInTheDocument();
    expect(row.getByText('не использовался')).toBeInTheDocument();
  });

  it('tell their secret when they are made, and are turned off', async () => {
    sync.putKey.mockImplementation((id: string) => {
      sync.keys = [key, { ...key, key_id: id, name: 'Отчёты' }];
      return Promise.resolve({ ...key, key_id: id, secret: 'ctk_1' });
    });
    show('/programs/keys/new');
    await userEvent.type(await screen.findByRole('textbox', { name: 'Название' }), 'Отчёты');
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(sync.putKey).toHaveBeenCalledWith('otchety', expect.objectContaining({ name: 'Отчёты', roles: [], rate: 0, disabled: false }), undefined));
    expect(await screen.findByRole('textbox', { name: 'Секрет ключа' })).toHaveValue('ctk_1');
    await userEvent.click(screen.getByRole('switch', { name: 'Действует' }));
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(sync.putKey).toHaveBeenLastCalledWith('otchety', expect.objectContaining({ disabled: true }), 3));
  });

  it('are given another secret after a question', async () => {
    sync.rotate.mockResolvedValue('ctk_2');
    show('/programs/keys/crm');
    await userEvent.click(await screen.findByRole('button', { name: 'Сменить секрет' }));
    await userEvent.click(within(await screen.findByRole('dialog', { name: 'Сменить секрет ключа?' })).getByRole('button', { name: 'Сменить секрет' }));
    expect(await screen.findByDisplayValue('ctk_2')).toBeInTheDocument();
  });
});

describe('webhooks', () => {
  it('are tried, and say what was posted and what has failed', async () => {
    sync.test.mockResolvedValue({ status: 204, duration_ms: 7, error: '' });
    sync.resend.mockResolvedValue(1);
    show('/programs/webhooks/bi');
    await userEvent.click(await screen.findByRole('button', { name: 'Проверить' }));
    expect(await screen.findByText('Принято: ответ 204 за 7 мс')).toBeInTheDocument();
    expect(screen.getByText(/the receiver answers 500/)).toBeInTheDocument();
    expect(screen.getByText('1 событие ждёт повтора')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Отправить ещё раз' }));
    await waitFor(() => expect(sync.resend).toHaveBeenCalledWith('bi', ['i0']));
  });
});
