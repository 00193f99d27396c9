// Every screen, and each of its dialogs, menus and panels open: nothing that axe
// knows of is wrong in light or dark, and nothing is wider than the window.
import { seen } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { bill, dot, world } from './lib/world.mjs';

test('axe: every screen of the workspace', () => world(everything));

async function everything({ operator, customer }) {
  const olga = await operator('olga');
  const { page } = olga;
  const check = (name) => seen(page, name);
  await olga.quietly(async () => {
    await page.goto(olga.server.url);
    await page.getByLabel('Логин').waitFor();
    await check('signin');
    await page.getByLabel('Логин').fill('olga');
    await page.getByLabel('Пароль', { exact: true }).fill('не тот');
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('Неверный логин или пароль').waitFor();
    await check('signin-wrong');
  });
  await olga.passTheDoor();
  await check('offline');
  await page.getByRole('button', { name: 'В сети', exact: true }).click();
  await page.getByText('Обращений пока нет').waitFor();
  await check('nobody');

  for (const [name, text] of [['Анна', 'Добрый день! Заказ 20481 обещали привезти сегодня с 10 до 14, но курьера всё ещё нет.'], ['Борис', 'Можно ли поменять размер в заказе?'], ['Вера', 'Спасибо!']]) {
    const c = await customer(name);
    await c.come();
    await c.write(text);
    await olga.row(name).waitFor();
    if (name === 'Анна') await c.attach(dot, bill);
    await c.context.close();
  }
  await olga.open('Анна');
  await page.getByRole('button', { name: 'Открыть файл счёт.txt' }).waitFor();
  await olga.write('Здравствуйте, Анна! Узнаю у курьера и сразу вернусь с ответом.');
  await olga.bubble('Узнаю у курьера').waitFor();
  await check('workspace');

  await layers(olga, check);
  await tabs(page, check);
  await widths(page);
  await page.goto(`${olga.server.url}/profile`);
  await page.getByRole('heading', { name: 'Профиль и настройки' }).waitFor();
  await check('profile');
  await page.goto(`${olga.server.url}/work/nobody`);
  await page.getByText('Этого обращения у вас нет').waitFor();
  await check('missing');
}

/** What opens above the workspace. Escape closes each. */
async function layers(olga, check) {
  const { page } = olga;
  const button = (name) => page.getByRole('button', { name });
  const opened = [
    ['status', () => button(/Статус: В сети/).click(), page.getByRole('menu')],
    ['person', () => button(/Меню пользователя/).click(), page.getByRole('menu')],
    ['palette', () => olga.press('Ctrl+KeyK'), page.getByPlaceholder('Найти команду…')],
    ['keys', () => page.keyboard.press('Control+/'), olga.dialog],
    ['topic', () => button(/Тема диалога/).click(), page.getByRole('option').first()],
    ['transfer', () => button('Перевести').click(), olga.dialog.getByRole('tab').first()],
    ['close', () => button('Завершить').click(), olga.dialog.getByRole('radio').first()],
    ['template-menu', () => button('Действия с шаблоном «Приветствие»').click(), page.getByRole('menu')],
    ['hold-phrases', () => page.getByRole('combobox', { name: 'Удержание (HOLD)' }).click(), page.getByRole('option').first()],
    ['picture', () => button('Открыть файл точка.png').click(), olga.dialog.getByRole('img').first()],
    ['text', () => button('Открыть файл счёт.txt').click(), olga.dialog.getByText('Счёт на оплату')],
    ['why', () => button('Почему этот оператор?').first().click(), page.getByText('Получил обращение')],
    ['sessions', () => button('Другие действия').click().then(() => page.getByRole('menuitem', { name: 'Сессии обработки' }).click()), olga.dialog.getByRole('columnheader', { name: 'Чем закончилась' })],
  ];
  for (const [name, open, there] of opened) {
    await open();
    await there.waitFor();
    await check(name);
    await page.keyboard.press('Escape');
    await there.waitFor({ state: 'hidden' });
  }
  await olga.field.fill('/');
  await page.getByRole('listbox', { name: 'Шаблоны ответов' }).waitFor();
  await check('slash');
  await page.keyboard.press('Escape');
  await olga.field.fill('');
  await button('Действия с шаблоном «Приветствие»').click();
  await page.getByRole('menuitem', { name: 'Создать комбинацию' }).click();
  await olga.dialog.getByLabel('Вторая клавиша').waitFor();
  await check('combination');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Поиск клиента' }).fill('Борис');
  await page.getByRole('button', { name: 'Начать диалог: Борис' }).waitFor();
  await check('found');
  await page.getByRole('button', { name: 'Начать диалог: Борис' }).click();
  await olga.dialog.getByLabel('Первое сообщение').waitFor();
  await check('start');
  await page.keyboard.press('Escape');
  await olga.dialog.waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Поиск клиента' }).fill('');
}

async function tabs(page, check) {
  for (const [name, tab, there] of [
    ['previous', 'Предыдущие обращения', page.getByText('Предыдущих обращений нет')],
    ['card', 'Анкета клиента', page.getByRole('heading', { name: 'Каналы клиента' })],
    ['ticket', 'Тикет', page.getByLabel('Номер тикета')],
  ]) {
    await page.getByRole('tab', { name: tab }).click();
    await there.waitFor();
    await check(name);
    if (name !== 'card') continue;
    await page.getByRole('button', { name: 'Объединить анкеты' }).click();
    await page.getByRole('dialog').waitFor();
    await check('merge');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByRole('tab', { name: 'Обращение', exact: true }).click();
}

/** From 1024 up nothing has to be scrolled sideways; where there is no room the right panel is a drawer. */
async function widths(page) {
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    if (width === 1024) await page.getByRole('button', { name: 'Развернуть правую панель' }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide <= width, `at ${width} the page is ${wide} wide`);
    await seen(page, `workspace-${width}`);
  }
  await page.getByRole('button', { name: 'Развернуть правую панель' }).click();
  await page.getByRole('dialog').waitFor();
  await seen(page, 'drawer');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
}
