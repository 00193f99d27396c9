// An administrator makes a channel: enters it, tries it, mends it, switches it on
// and off, against a Telegram that is as small as can be.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { office } from './lib/admin.mjs';
import { person, seen, shot } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { Operator } from './lib/world.mjs';

const token = '123456:ABCdefGHIjklMNOpqrSTUvwxYZabcdefghi';

/** telegram answers who the bot is, tells what customers write, and takes what they are told. */
async function telegram() {
  const asked = [];
  const sent = [];
  const updates = [];
  const server = createServer(async (r, w) => {
    const [, bot, method] = /^\/bot([^/]+)\/(\w+)/.exec(decodeURIComponent(r.url)) ?? [];
    asked.push(method);
    w.setHeader('Content-Type', 'application/json');
    if (bot !== token) {
      w.statusCode = 401;
      w.end('{"ok":false,"error_code":401,"description":"Unauthorized"}');
      return;
    }
    const body = await read(r);
    if (method === 'sendMessage') sent.push(body);
    const results = {
      sendMessage: { message_id: 1000 + sent.length, chat: { id: body.chat_id, type: 'private' }, date: now() },
      getMe: { id: 123456, is_bot: true, first_name: 'Лавка чая', username: 'teashop_bot' },
      getUpdates: updates.filter((u) => u.update_id >= (body.offset ?? 0)),
    };
    const answer = () => w.end(JSON.stringify({ ok: true, result: results[method] ?? true }));
    if (method === 'getUpdates') void setTimeout(300, null, { ref: false }).then(answer);
    else answer();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const says = (message) => {
    const id = updates.length + 1;
    updates.push({ update_id: id, message: { message_id: id, date: now(), from: maria, chat: { ...maria, type: 'private' }, ...message } });
  };
  return { url: `http://127.0.0.1:${server.address().port}`, asked, sent, says, close: () => server.closeAllConnections() ?? server.close() };
}

const now = () => Math.floor(Date.now() / 1000);
const maria = { id: 7001, first_name: 'Мария', last_name: 'Кузнецова', is_bot: false };

/** read takes in a body of JSON; any other is empty. */
async function read(request) {
  let text = '';
  for await (const piece of request) text += piece;
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** until waits for something that nothing on the page tells. */
async function until(holds, why) {
  for (let n = 0; n < 1200 && !holds(); n++) await setTimeout(50);
  expect(holds(), why);
}

/** A world with a Telegram in it, which the server may reach. */
async function world(looks, run) {
  const provider = await telegram();
  try {
    await office({ ...looks, args: ['--allow', '127.0.0.1'] }, (admin, server, browser) => run({ admin, server, browser, provider }));
  } finally {
    provider.close();
  }
}

test('channels: a Telegram bot is entered, tried, mended and switched', () => world({}, async ({ admin, provider }) => {
  const { page } = admin;
  await admin.come('/channels');
  admin.forgive(true); // what is entered wrong at first is refused
  await page.getByRole('row', { name: /Сайт/ }).waitFor();
  await seen(page, 'channels');

  await page.getByRole('button', { name: 'Новый канал' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('combobox', { name: 'Вид' }).click();
  await page.getByRole('option', { name: 'Telegram' }).click();
  await drawer.getByRole('button', { name: 'Сохранить' }).click();
  await drawer.getByText('Заполните это поле').first().waitFor();
  await drawer.getByRole('textbox', { name: 'Название' }).fill('Бот лавки');
  await drawer.getByRole('textbox', { name: 'Токен' }).fill('123456:wrong_wrong_wrong_wrong_wrong_wrong');
  await drawer.getByRole('button', { name: 'Дополнительно' }).click();
  expect(await drawer.getByRole('textbox', { name: 'Идентификатор' }).inputValue() === 'telegram', 'the identifier is not proposed');
  await drawer.getByRole('textbox', { name: 'Адрес Bot API' }).fill(provider.url);
  await seen(page, 'channel-form');
  await drawer.getByRole('button', { name: 'Сохранить' }).click();

  await drawer.getByText('Проверьте подключение и включите его').waitFor();
  await drawer.getByRole('button', { name: 'Проверить подключение' }).click();
  await drawer.getByRole('status').filter({ hasText: 'Telegram не знает этого токена' }).waitFor();
  await shot(page, 'channel-refused');
  await drawer.getByRole('textbox', { name: 'Токен' }).fill(token);
  await drawer.getByRole('button', { name: 'Сохранить' }).click();
  await drawer.getByRole('button', { name: 'Проверить подключение' }).click();
  await drawer.getByRole('status').filter({ hasText: '@teashop_bot' }).waitFor();
  await shot(page, 'channel-tried');
  await page.keyboard.press('Escape');

  const row = page.getByRole('row', { name: /Бот лавки/ });
  expect(!provider.asked.includes('getUpdates'), 'a channel that is off is polled');
  await row.getByRole('switch').click();
  await row.getByText('Опрашивается').first().waitFor();
  await shot(page, 'channels-on');
  await row.getByRole('switch').click();
  await row.getByText('Выключен').waitFor();
}));

test('channels: a partner gets a new key, which opens the door', () => world({ viewport: { width: 1024, height: 768 } }, async ({ admin, server }) => {
  await server.call('PUT', '/api/v1/accounts/partner', { kind: 'api', name: 'Партнёр', center_id: 'main', routing: { line_id: 'help' }, settings: { webhook_url: 'https://partner.example/in' } });
  const { page } = admin;
  await admin.come('/channels');
  await page.getByRole('button', { name: 'Настроить «Партнёр»' }).click();
  const drawer = page.getByRole('dialog', { name: 'Партнёр' });
  await drawer.getByRole('button', { name: 'Новый ключ' }).scrollIntoViewIfNeeded();
  await shot(page, 'key-before');
  await drawer.getByRole('button', { name: 'Новый ключ' }).click();
  await page.getByRole('button', { name: 'Выдать' }).waitFor();
  await shot(page, 'key-asked');
  await page.getByRole('button', { name: 'Выдать' }).click();
  const told = drawer.getByRole('textbox', { name: 'Ключ для входящих сообщений' });
  await told.scrollIntoViewIfNeeded();
  await seen(page, 'key-told');
  const said = await fetch(`${server.url}/channel/v1/partner/messages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await told.inputValue()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ id: '1', user: { id: 'u1' }, text: 'Здравствуйте' }),
  });
  expect(said.ok, `the door answers ${said.status}: ${await said.text()}`);
  await drawer.getByRole('textbox', { name: 'Название' }).fill('Партнёр и Ко');
  await drawer.getByRole('button', { name: 'Сохранить' }).click();
  await page.getByText('Канал сохранён').waitFor();
  await told.waitFor();
}));

test('channels: a customer in Telegram is asked for the phone, and gives it', () => world({}, async ({ server, browser, provider }) => {
  await server.call('PUT', '/api/v1/accounts/telegram', {
    kind: 'telegram', name: 'Бот лавки', center_id: 'main', routing: { line_id: 'help' },
    settings: { base_url: provider.url, mode: 'polling', ask_phone: '' }, secrets: { token },
  });
  const olga = new Operator(await person(browser), server, 'olga');
  await olga.enterWork();
  provider.says({ text: 'Здравствуйте! Где мой заказ?' });
  await olga.open('Мария Кузнецова');
  await olga.page.getByText('Telegram: Бот лавки').waitFor();

  const { page } = olga;
  await page.getByRole('button', { name: 'Запросить у клиента' }).click();
  await page.getByRole('menuitem', { name: 'Запросить телефон' }).waitFor();
  await shot(page, 'ask-menu');
  await page.getByRole('menuitem', { name: 'Запросить телефон' }).click();
  await page.getByText('Под сообщением будет кнопка').waitFor();
  await seen(page, 'ask');
  await olga.field.press('Control+Enter');
  await olga.bubble('Кнопка запроса телефона').waitFor();
  await until(() => provider.sent.some((m) => m.reply_markup?.keyboard?.flat().some((b) => b.request_contact)), 'Telegram shows no button for the number');

  provider.says({ contact: { phone_number: '79990001122', first_name: 'Мария', last_name: 'Кузнецова', user_id: maria.id } });
  provider.says({ location: { latitude: 55.7558, longitude: 37.6173 } });
  await olga.thread.getByRole('link', { name: 'Позвонить +79990001122' }).waitFor();
  await olga.thread.getByRole('link', { name: 'Открыть на карте' }).waitFor();
  await seen(page, 'given');
  expect(olga.complaints.length === 0, olga.complaints.join('\n'));
}));

// proves US-05, WG-04
test('channels: a widget is seen while its looks are entered', () => office({}, async (admin, server) => {
  const { page } = admin;
  await admin.come('/channels');
  await page.getByRole('button', { name: 'Настроить «Сайт»' }).click();
  const drawer = page.getByRole('dialog', { name: 'Сайт' });
  const shown = page.frameLocator('iframe[title="Предпросмотр"]');
  await shown.getByText('Чат с поддержкой').waitFor();
  await drawer.getByRole('textbox', { name: 'Заголовок', exact: true }).fill('Лавка чая');
  await drawer.getByRole('textbox', { name: 'Цвет', exact: true }).fill('#7a3cff');
  await shown.getByText('Лавка чая').waitFor();
  expect(await drawer.getByRole('textbox', { name: 'Цвет', exact: true }).evaluate((field) => field === document.activeElement), 'the preview takes the focus');
  await page.locator('iframe[title="Предпросмотр"]').scrollIntoViewIfNeeded();
  await seen(page, 'channel-preview');
  await drawer.getByRole('combobox', { name: 'Телефон' }).click();
  await page.getByRole('option', { name: 'Обязательно' }).click();
  await shown.getByRole('textbox', { name: /Телефон/, includeHidden: true }).waitFor({ state: 'attached' });
  await shot(page, 'channel-prechat');
  await drawer.getByRole('button', { name: 'Сохранить' }).click();
  await page.getByText('Канал сохранён').waitFor();
  const { settings } = await server.call('GET', '/api/v1/accounts/site');
  expect(settings.accent === '#7a3cff' && settings.texts.ru.title === 'Лавка чая' && settings.prechat[0].required, `kept is ${JSON.stringify(settings)}`);
}));
