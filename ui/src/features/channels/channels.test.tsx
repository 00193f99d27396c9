import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { Problem, type ChannelAccount, type Channels, type Kind } from '../../sync';
import ChannelsPage from './ChannelsPage';
import { enteredOf, missing, valuesOf } from './entered';

const sync = vi.hoisted(() => ({ channels: {} as unknown, put: vi.fn(), test: vi.fn(), health: {} as unknown }));
vi.mock('../../sync', async (original) => ({
  ...(await original<object>()),
  useChannels: () => ({ data: sync.channels, refetch: () => {} }),
  useChannelHealth: () => ({ data: sync.health }),
  putAccount: sync.put,
  testAccount: sync.test,
}));

const telegram: Kind = {
  kind: 'telegram',
  name: 'Telegram',
  fields: [
    { name: 'token', title: 'Токен', kind: 'secret', required: true, advanced: false },
    { name: 'limit', title: 'Предел', kind: 'number', required: false, advanced: false },
    { name: 'base_url', title: 'Адрес API', kind: 'url', required: true, default: 'https://api.telegram.org', advanced: true },
  ],
};
const bot: ChannelAccount = {
  account_id: 'tea', kind: 'telegram', name: 'Чайный бот', center_id: 'shop', routing: { line_id: 'help' },
  settings: { limit: 5, network: { proxy: 'x' } }, disabled: true, revision: 7,
};

beforeEach(() => {
  vi.resetAllMocks();
  sync.health = { webhook: 'https://chat.example/webhooks/telegram/tea', enter: [] };
  sync.channels = {
    accounts: [bot], kinds: [telegram], places: [{ center: 'shop', line: 'help', name: 'Помощь' }],
    conditions: [{ account_id: 'tea', state: 'broken', error: 'the token was revoked', waiting: 0, strange: {} }],
  } satisfies Channels;
});

const show = () =>
  render(
    <LocaleProvider>
      <Looks>
        <ChannelsPage />
      </Looks>
    </LocaleProvider>,
  );

describe('what is entered', () => {
  it('goes to settings and secrets, and keeps what the form does not know', () => {
    expect(valuesOf(telegram, bot)).toEqual({ token: '', limit: '5', base_url: '' });
    expect(enteredOf(telegram, { token: '', limit: '9', base_url: '' }, bot)).toEqual({ settings: { limit: 9, network: { proxy: 'x' } } });
    expect(enteredOf(telegram, { token: ' t ', limit: '' }, bot)).toEqual({ settings: { network: { proxy: 'x' } }, secrets: { token: 't' } });
  });

  it('may leave out a secret that is kept, and no other', () => {
    expect(missing(telegram, {}, bot)).toEqual([]);
    expect(missing(telegram, {})).toEqual(['token']);
  });
});

// proves CH-15: a channel is switched, tested and created in the interface.
describe('channels', () => {
  it('are listed with their state and switched on with all that they had', async () => {
    sync.put.mockResolvedValue(bot);
    show();
    const row = within(await screen.findByRole('row', { name: /Чайный бот/ }));
    row.getByText('Не работает');
    row.getByText('the token was revoked');
    await userEvent.click(row.getByRole('switch', { name: 'Канал «Чайный бот» включён' }));
    expect(sync.put).toHaveBeenCalledWith('tea', {
      kind: 'telegram', name: 'Чайный бот', center_id: 'shop', routing: bot.routing, settings: bot.settings, disabled: false, revision: 7,
    });
  });

  it('are tested, and show the address to copy', async () => {
    sync.test.mockResolvedValueOnce({ ok: true, name: 'Tea', handle: '@tea_bot' }).mockResolvedValueOnce({ ok: false, error: 'Unauthorized' });
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Настроить «Чайный бот»' }));
    const test = await screen.findByRole('button', { name: 'Проверить подключение' });
    await userEvent.click(test);
    await screen.findByText('Подключение работает: Tea, @tea_bot');
    await userEvent.click(test);
    await screen.findByText('Unauthorized');
    expect(screen.getByLabelText('Адрес вебхука')).toHaveValue('https://chat.example/webhooks/telegram/tea');
  });

  it('are created switched off, and a refusal stands at its field', async () => {
    sync.put.mockRejectedValueOnce(new Problem({ status: 422, kind: 'invalid', field: 'secrets.token', detail: 'this is no token' })).mockResolvedValueOnce(bot);
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Новый канал' }));
    const save = await screen.findByRole('button', { name: 'Сохранить' });
    await userEvent.click(save);
    expect(sync.put).not.toHaveBeenCalled();
    await userEvent.type(screen.getByRole('textbox', { name: /Идентификатор/ }), 'bot');
    await userEvent.type(screen.getByLabelText(/Токен/), '1:a');
    await userEvent.click(save);
    await screen.findByText('this is no token');
    await userEvent.click(save);
    expect(sync.put).toHaveBeenLastCalledWith('bot', {
      kind: 'telegram', name: '', center_id: 'shop', routing: { line_id: 'help' }, settings: {}, secrets: { token: '1:a' }, disabled: true, revision: undefined,
    });
  });
});
