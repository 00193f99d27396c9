// An administrator makes a channel: enters it, tries it, mends it, switches it on
// and off, against a Telegram that is as small as can be.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { noViolations, person, shot, startBrowser } from './lib/browser.mjs';
import { password, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

const token = '123456:ABCdefGHIjklMNOpqrSTUvwxYZabcdefghi';

/** telegram answers who the bot is, and has no updates. */
async function telegram() {
  const asked = [];
  const server = createServer((r, w) => {
    const [, bot, method] = /^\/bot([^/]+)\/(\w+)/.exec(decodeURIComponent(r.url)) ?? [];
    asked.push(method);
    w.setHeader('Content-Type', 'application/json');
    if (bot !== token) {
      w.statusCode = 401;
      w.end('{"ok":false,"error_code":401,"description":"Unauthorized"}');
      return;
    }
    const results = { getMe: { id: 123456, is_bot: true, first_name: 'Лавка чая', username: 'teashop_bot' }, getUpdates: [] };
    const answer = () => w.end(JSON.stringify({ ok: true, result: results[method] ?? true }));
    if (method === 'getUpdates') setTimeout(answer, 300).unref();
    else answer();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => server.closeAllConnections() ?? server.close() };
}

async function world(run) {
  const [server, browser, provider] = await Promise.all([startServer({ args: ['--allow', '127.0.0.1'] }), startBrowser(), telegram()]);
  try {
    await server.setUp();
    await server.furnish();
    await run({ server, browser, provider });
  } finally {
    await browser.close();
    await server.stop();
    provider.close();
  }
}

for (const scheme of ['light', 'dark']) {
  test(`channels: a Telegram bot is entered, tried, mended and switched, ${scheme}`, () => world(async ({ server, browser, provider }) => {
    const admin = await person(browser, { scheme });
    const { page } = admin;
    admin.forgive(true); // before there is a session, the question who is signed in is refused
    await page.goto(`${server.url}/channels`);
    await page.getByRole('textbox', { name: 'Логин' }).fill('admin');
    await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Каналы' }).waitFor();
    await page.getByRole('row', { name: /Сайт/ }).waitFor();
    await shot(page, `channels-${scheme}`);
    await noViolations(page, 'the channels');

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
    await shot(page, `channel-form-${scheme}`);
    await noViolations(page, 'the form of a channel');
    await drawer.getByRole('button', { name: 'Сохранить' }).click();

    await drawer.getByText('Проверьте подключение и включите его').waitFor();
    await drawer.getByRole('button', { name: 'Проверить подключение' }).click();
    await drawer.getByRole('status').filter({ hasText: 'Telegram не знает этого токена' }).waitFor();
    await shot(page, `channel-refused-${scheme}`);
    await drawer.getByRole('textbox', { name: 'Токен' }).fill(token);
    await drawer.getByRole('button', { name: 'Сохранить' }).click();
    await drawer.getByRole('button', { name: 'Проверить подключение' }).click();
    await drawer.getByRole('status').filter({ hasText: '@teashop_bot' }).waitFor();
    await shot(page, `channel-tried-${scheme}`);
    await page.keyboard.press('Escape');

    const row = page.getByRole('row', { name: /Бот лавки/ });
    expect(!provider.asked.includes('getUpdates'), 'a channel that is off is polled');
    await row.getByRole('switch').click();
    await row.getByText('Опрашивается').first().waitFor();
    await shot(page, `channels-on-${scheme}`);
    await row.getByRole('switch').click();
    await row.getByText('Выключен').waitFor();
  }));
}
