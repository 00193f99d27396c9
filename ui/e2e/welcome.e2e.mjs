// The newcomer's path: a fresh server, its one-time link, three small steps, and
// the first message answered. The keyboard alone, and within a minute.
import { noViolations, person, shot, startBrowser } from './lib/browser.mjs';
import { password, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

async function world(run) {
  const server = await startServer();
  const browser = await startBrowser();
  try {
    await run({ server, browser });
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** focused waits until the focus is on the element: who has no mouse is where the focus is. */
async function focused(locator) {
  await locator.waitFor();
  const element = await locator.elementHandle();
  await locator.page().waitForFunction((e) => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at === e;
  }, element);
}

/** tabTo presses Tab until the focus is on the element. */
async function tabTo(locator, key = 'Tab') {
  for (let n = 0; n < 60; n++) {
    if (await locator.evaluate((e) => e.getRootNode().activeElement === e)) return;
    await locator.page().keyboard.press(key);
  }
  throw new Error(`the keyboard does not reach ${locator}`);
}

const write = (page, text) => page.keyboard.insertText(text);

/** setUp goes by the one-time link to the first step. */
async function setUp(page, server) {
  await page.goto(`${server.url}/setup?code=${server.code}`);
  await focused(page.getByLabel('Логин'));
  await tabTo(page.getByLabel('Пароль'));
  await write(page, password);
  await tabTo(page.getByLabel('Имя'));
  await write(page, 'Анна');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/welcome');
  await page.getByRole('heading', { level: 1, name: 'Первые шаги' }).waitFor();
}

async function firstStep(page) {
  await focused(page.getByRole('textbox', { name: 'Название' }).first());
  await write(page, 'Лавка чая');
  await page.keyboard.press('Enter');
}

test('welcome: from the one-time link to the first answer, by the keyboard, within a minute', () => world(async ({ server, browser }) => {
  const admin = await person(browser);
  const { page } = admin;
  admin.forgive(true); // before there is a session, the question who is signed in is refused
  const begun = performance.now();
  await setUp(page, server);
  admin.forgive(false);
  const name = page.getByRole('textbox', { name: 'Название' }).first();
  await focused(name);
  await page.keyboard.press('Enter');
  await page.getByText('Заполните это поле').waitFor();
  await focused(name);
  expect((await name.getAttribute('aria-invalid')) === 'true', 'an empty name is taken');
  await firstStep(page);

  const kind = page.getByRole('radio', { name: 'Новый оператор' });
  await focused(kind);
  await page.keyboard.press('ArrowDown');
  await focused(page.getByRole('radio', { name: 'Я сам буду отвечать' }));
  await tabTo(page.getByRole('button', { name: 'Стать оператором' }));
  await page.keyboard.press('Enter');

  const widget = page.getByRole('region', { name: /Виджет на сайт/ });
  await focused(widget.getByRole('textbox', { name: 'Название' }));
  await page.keyboard.press('Enter');
  await focused(page.getByRole('heading', { name: 'Готово', exact: true }));
  await page.getByText('«Лавка чая», группа «Поддержка»').last().waitFor();
  await page.getByText(`<script src="${server.url}/widget.js" data-account="sayt"></script>`).waitFor();
  await tabTo(page.getByRole('link', { name: 'Открыть демо-магазин' }));
  const [shop] = await Promise.all([admin.context.waitForEvent('page'), page.keyboard.press('Enter')]);
  await shop.getByRole('button', { name: 'Открыть чат' }).waitFor();

  await tabTo(page.getByRole('link', { name: 'Перейти к обращениям' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/work');
  await tabTo(page.getByRole('button', { name: /^Статус/ }));
  await page.keyboard.press('Enter');
  const online = page.getByRole('menuitem', { name: 'В сети', exact: true });
  await online.waitFor();
  await tabTo(online, 'ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Статус: В сети/ }).waitFor();

  await shop.bringToFront();
  await tabTo(shop.getByRole('button', { name: 'Открыть чат' }));
  await shop.keyboard.press('Enter');
  const field = shop.getByRole('dialog').getByRole('textbox', { name: 'Сообщение' });
  await focused(field);
  await shop.getByRole('dialog').getByText('Здравствуйте! Чем можем помочь?').waitFor();
  await write(shop, 'Добрый день! Есть ли у вас улун?');
  await shop.keyboard.press('Enter');

  await page.bringToFront();
  const row = page.getByRole('option', { name: /улун/ }).or(page.getByRole('listitem').filter({ hasText: 'улун' })).or(page.getByRole('link', { name: /улун/ })).first();
  await row.waitFor();
  await page.keyboard.press('Alt+u');
  const composer = page.getByRole('textbox', { name: 'Текст сообщения' });
  await focused(composer);
  await write(page, 'Здравствуйте! Да, и очень хороший.');
  await page.keyboard.press('Control+Enter');
  await shop.getByRole('dialog').getByText('Да, и очень хороший.').waitFor();
  const took = (performance.now() - begun) / 1000;
  expect(took < 60, `it took ${took.toFixed(0)} s`);
  expect(admin.complaints.length === 0, admin.complaints.join('\n'));
}));

test('welcome: an operator of one\'s own, steps skipped and taken later, light and dark', () => world(async ({ server, browser }) => {
  await server.setUp();
  for (const [scheme, width] of [['light', 1440], ['dark', 1024]]) {
    const admin = await person(browser, { scheme, viewport: { width, height: 900 } });
    const { page } = admin;
    const look = async (what) => {
      await noViolations(page, `${what} ${scheme}`);
      await shot(page, `welcome-${what}-${scheme}-${width}`);
    };
    admin.forgive(true);
    await page.goto(`${server.url}/signin`);
    await page.getByLabel('Логин').fill('admin');
    await page.getByLabel('Пароль', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    if (scheme === 'light') {
      await page.waitForURL('**/welcome');
      admin.forgive(false);
      await look('center');
      await page.getByRole('combobox', { name: 'Часовой пояс' }).click();
      await page.getByRole('option', { name: 'Самара (Europe/Samara)' }).waitFor();
      await look('zones');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Пропустить' }).click();
      await page.getByText('Сначала создайте колл-центр').first().waitFor();
      await look('needs');
      await page.getByRole('button', { name: 'К первому шагу' }).first().click();
      await firstStep(page);
      await page.getByRole('textbox', { name: 'Имя' }).fill('Ольга');
      await page.getByLabel('Фамилия').fill('Иванова');
      expect((await page.getByLabel('Логин').inputValue()) === 'olga.ivanova', await page.getByLabel('Логин').inputValue());
      await page.getByLabel('Логин').fill('admin');
      await page.getByRole('button', { name: 'Создать оператора' }).click();
      await page.getByText('Такой логин уже есть').waitFor();
      await look('operator');
      await page.getByLabel('Логин').fill('olga');
      await page.getByRole('button', { name: 'Создать оператора' }).click();
      await page.getByText('Оператор Ольга Иванова создан').waitFor();
      await look('password');
      await olgaSignsIn(browser, server, await page.locator('code').nth(1).textContent());
      await page.getByRole('button', { name: 'Дальше' }).click();
      await page.getByRole('button', { name: 'Пропустить' }).last().waitFor();
      await look('widget');
      await page.getByRole('region', { name: /Виджет на сайт/ }).getByRole('button', { name: 'Пропустить' }).click();
      await page.getByRole('heading', { name: 'Почти готово' }).waitFor();
      await look('almost');
    } else {
      await page.waitForURL('**/work');
      admin.forgive(false);
      await page.getByRole('button', { name: /Меню пользователя/ }).click();
      await page.getByRole('menuitem', { name: 'Первые шаги' }).click();
      const widget = page.getByRole('region', { name: /Виджет на сайт/ });
      await widget.getByRole('textbox', { name: 'Приветствие' }).waitFor();
      await look('widget');
      await widget.getByRole('textbox', { name: 'Цвет', exact: true }).fill('#c2410c');
      await widget.getByRole('button', { name: 'Создать виджет' }).click();
      await page.getByRole('heading', { name: 'Готово', exact: true }).waitFor();
      await look('done');
      await page.getByRole('button', { name: /^Колл-центр/ }).click();
      await page.getByRole('textbox', { name: 'Название' }).first().waitFor();
      await look('again');
      const kept = await server.call('GET', '/api/v1/accounts/sayt');
      expect(kept.settings.accent === '#c2410c' && kept.routing.line_id === 'podderzhka', JSON.stringify(kept));
    }
    expect(admin.complaints.length === 0, admin.complaints.join('\n'));
    await admin.context.close();
  }
}));

/** olgaSignsIn tries the password that was shown. */
async function olgaSignsIn(browser, server, shown) {
  const olga = await person(browser);
  olga.forgive(true);
  await olga.page.goto(`${server.url}/welcome`);
  await olga.page.getByLabel('Логин').fill('olga');
  await olga.page.getByLabel('Пароль', { exact: true }).fill(shown);
  await olga.page.keyboard.press('Enter');
  await olga.page.getByText('Страница не найдена').waitFor(); // the first steps are no operator's
  await olga.context.close();
}
