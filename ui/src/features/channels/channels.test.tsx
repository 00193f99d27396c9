import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { navigate } from 'wouter/use-browser-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { Problem, type ChannelAccount, type Channels, type Kind } from '../../sync';
import ChannelsPage from './ChannelsPage';
import { enteredOf, missing, valuesOf } from './entered';

const sync = vi.hoisted(() => ({ channels: {} as unknown, put: vi.fn(), test: vi.fn(), newKey: vi.fn(), discard: vi.fn(), health: {} as unknown, updates: [] as unknown[] }));
vi.mock('../../sync', async (original) => ({
  ...(await original<object>()),
  useChannels: () => ({ data: sync.channels, refetch: () => {} }),
  useChannelHealth: () => ({ data: sync.health }),
  putAccount: sync.put,
  testAccount: sync.test,
  newKey: sync.newKey,
  useStrangeUpdates: () => sync.updates,
  discardUpdate: sync.discard,
}));

const telegram: Kind = {
  kind: 'telegram',
  name: 'Telegram',
  fields: [
    { name: 'token', title: 'Токен', kind: 'secret', required: true, advanced: false },
    { name: 'limit', title: 'Предел', kind: 'number', required: false, advanced: false },
    { name: 'base_url', title: 'Адрес API', kind: 'url', required: true, default: 'https://api.telegram.org', advanced: true },
    { name: 'network.proxy', title: 'Прокси', kind: 'text', required: false, advanced: true },
    { name: 'ask_phone', title: 'Просьба о номере', kind: 'lines', required: false, default: 'Ваш номер?', empty: true, advanced: true },
  ],
};
const bot: ChannelAccount = {
  account_id: 'tea', kind: 'telegram', name: 'Чайный бот', center_id: 'shop', routing: { line_id: 'help' },
  settings: { limit: 5, network: { proxy: 'x', ca: 'y' } }, disabled: true, revision: 7,
};

beforeEach(() => {
  navigate('/channels');
  vi.resetAllMocks();
  sync.health = { account_id: 'tea', state: 'broken', error: 'the mail server hung up', waiting: 2, strange: { poll: 3 }, webhook: 'https://chat.example/webhooks/telegram/tea', enter: [] };
  sync.updates = [];
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
    expect(valuesOf(telegram, bot)).toEqual({ token: '', limit: '5', base_url: '', 'network.proxy': 'x', ask_phone: 'Ваш номер?' });
    const network = { proxy: 'x', ca: 'y' };
    expect(enteredOf(telegram, { ...valuesOf(telegram, bot), limit: '9' }, bot)).toEqual({ settings: { limit: 9, network } });
    expect(enteredOf(telegram, { ...valuesOf(telegram, bot), token: ' t ', limit: '' }, bot)).toEqual({ settings: { network }, secrets: { token: 't' } });
  });

  it('leads into objects, which go when nothing is in them', () => {
    const alone = { ...bot, settings: { network: { proxy: 'x' } } };
    expect(enteredOf(telegram, { ...valuesOf(telegram, bot), limit: '', 'network.proxy': '' }, bot)).toEqual({ settings: { network: { ca: 'y' } } });
    expect(enteredOf(telegram, { ...valuesOf(telegram, alone), 'network.proxy': '' }, alone)).toEqual({ settings: {} });
  });

  it('says by an empty text that nobody is asked', () => {
    const none = { ...bot, settings: { ask_phone: '' } };
    expect(enteredOf(telegram, { ...valuesOf(telegram), ask_phone: '' })).toEqual({ settings: { ask_phone: '' } });
    expect(valuesOf(telegram, none).ask_phone).toBe('');
    expect(enteredOf(telegram, { ...valuesOf(telegram), ask_phone: 'Номер?' }, none)).toEqual({ settings: { ask_phone: 'Номер?' } });
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

  it('are created switched off, and a refusal stands at its field until that is mended', async () => {
    sync.put.mockRejectedValueOnce(new Problem({ status: 422, kind: 'invalid', field: 'secrets.token', detail: "the bot's token is needed" })).mockResolvedValueOnce(bot);
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Новый канал' }));
    const save = await screen.findByRole('button', { name: 'Сохранить' });
    await userEvent.click(save);
    expect(sync.put).not.toHaveBeenCalled();
    screen.getByText('Заполните это поле');
    await userEvent.type(screen.getByLabelText(/Токен/), '1:a');
    expect(screen.queryByText('Заполните это поле')).toBeNull();
    await userEvent.click(save);
    await screen.findByText('Нужен токен бота');
    await userEvent.type(screen.getByLabelText(/Токен/), 'b');
    expect(screen.queryByText('Нужен токен бота')).toBeNull();
    await userEvent.click(save);
    expect(sync.put).toHaveBeenLastCalledWith('telegram', {
      kind: 'telegram', name: 'Telegram', center_id: 'shop', routing: { line_id: 'help' }, settings: {}, secrets: { token: '1:ab' }, disabled: true, revision: undefined,
    });
  });

  it('keep what most leave alone behind «Дополнительно», which opens for what is wrong there', async () => {
    sync.put.mockRejectedValueOnce(new Problem({ status: 422, kind: 'invalid', field: 'settings.network.proxy', detail: 'no' }));
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Новый канал' }));
    const more = await screen.findByRole('button', { name: 'Дополнительно' });
    expect(more).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByLabelText(/Идентификатор/)).toBeNull();
    await userEvent.type(screen.getByLabelText(/Токен/), '1:a');
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(more).toHaveAttribute('aria-expanded', 'true'));
    expect(screen.getByLabelText(/Идентификатор/)).toHaveValue('telegram');
  });

  it('tell once what was made with them, and that they are off', async () => {
    const channels = sync.channels as Channels;
    const api: ChannelAccount = { ...bot, account_id: 'api', kind: 'api', name: 'Бот', settings: {} };
    sync.put.mockImplementation(async () => {
      sync.channels = { ...channels, accounts: [bot, api] };
      return { ...api, key: 'key_1', signing: 'whsec_1' };
    });
    sync.channels = { ...channels, kinds: [{ kind: 'api', name: 'API', fields: [] }] };
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Новый канал' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Сохранить' }));
    expect(await screen.findByLabelText('Ключ для входящих сообщений')).toHaveValue('key_1');
    expect(screen.getByLabelText('Секрет подписи исходящих')).toHaveValue('whsec_1');
    screen.getByText(/Канал выключен/);
    await userEvent.click(screen.getByRole('switch', { name: 'Включён' }));
    expect(sync.put).toHaveBeenLastCalledWith('api', expect.objectContaining({ disabled: false }));
  });

  it('of third parties get a new key after a question, which is told once', async () => {
    const channels = sync.channels as Channels;
    const api: ChannelAccount = { ...bot, account_id: 'api', kind: 'api', name: 'Партнёр', settings: {} };
    sync.channels = { ...channels, accounts: [bot, api], kinds: [telegram, { kind: 'api', name: 'API', fields: [] }] };
    sync.newKey.mockRejectedValueOnce(new Problem({ status: 503, kind: 'busy', field: '', detail: '' })).mockResolvedValueOnce('key_2');
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Настроить «Партнёр»' }));
    const make = await screen.findByRole('button', { name: 'Новый ключ' });
    await userEvent.click(make);
    await userEvent.click(await screen.findByRole('button', { name: 'Отмена' }));
    expect(sync.newKey).not.toHaveBeenCalled();
    for (let n = 1; n <= 2; n++) {
      await userEvent.click(make);
      await userEvent.click(await screen.findByRole('button', { name: 'Выдать' }));
      await waitFor(() => expect(sync.newKey).toHaveBeenCalledTimes(n));
      if (n === 1) expect(screen.queryByLabelText('Ключ для входящих сообщений')).toBeNull();
    }
    expect(sync.newKey).toHaveBeenLastCalledWith('api');
    expect(await screen.findByLabelText('Ключ для входящих сообщений')).toHaveValue('key_2');
    screen.getByText('Сохраните сейчас: больше это не покажется');
  });

  it('without a door of their own have no key to make', async () => {
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Настроить «Чайный бот»' }));
    await screen.findByRole('button', { name: 'Проверить подключение' });
    expect(screen.queryByRole('button', { name: 'Новый ключ' })).toBeNull();
  });

  it('show what happens, and what nobody understood can be taken along and away', async () => {
    sync.updates = [{ error_id: 'e1', at: '2026-05-01T10:00:00Z', account_id: 'tea', size: 12, raw: 'poll' }];
    sync.discard.mockResolvedValue(undefined);
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Настроить «Чайный бот»' }));
    await screen.findByText('Почтовый сервер прервал связь');
    screen.getByText('poll: 3');
    expect(screen.getByRole('link', { name: /Скачать: poll/ })).toHaveAttribute('href', '/api/v1/errors/e1/raw');
    await userEvent.click(screen.getByRole('button', { name: /Удалить: poll/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Удалить' }));
    expect(sync.discard).toHaveBeenCalledWith('e1');
  });
});
