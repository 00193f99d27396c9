// An administrator adds somebody by the keyboard alone, invites them by a link that
// works once, takes a table in after a look at it, and switches an operator off, whose
// conversation goes back to its queue. In light and in dark, and axe looks at it all.
import { Admin, office } from './lib/admin.mjs';
import { noViolations, person, seen } from './lib/browser.mjs';
import { host } from './lib/site.mjs';
import { expect, test } from './lib/test.mjs';
import { Customer, Operator } from './lib/world.mjs';

const table = '\ufeffЛогин;Идентификатор;Фамилия;Имя;Должность;Группы;Колл-центры\nnina;nina;Нилова;Нина;Старший оператор;Поддержка;Лавка\nolga;;Иванова-Петрова;;;help;main\n';
const broken = 'login,user_id,lines\nnina,nina,nowhere\n';
const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('users: added, invited, taken in, switched off', () => office({ Kind: Admin }, async (admin, server, browser) => {
  const { page } = admin;
  await server.call('PUT', '/api/v1/positions/senior', { name: 'Старший оператор', roles: ['login', 'view_client', 'send_files'], center_ids: ['main'], line_ids: ['help'] });
  await admin.come('/users');
  await page.getByRole('link', { name: 'Иванова Ольга' }).waitFor();
  await seen(page, 'users');

  await adds(admin);
  await invites(admin, browser, server);
  await takesIn(admin);
  await looksAndChanges(admin);
  await switchesOff(admin, server, browser);
  await positions(admin);
}));

/** adds makes a user without the mouse. */
async function adds(admin) {
  const { page } = admin;
  await admin.reach(page.getByRole('link', { name: 'Добавить' }));
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Новый пользователь' });
  await form.waitFor();
  await page.keyboard.press('Enter'); // nothing is entered yet
  await form.getByText('Введите логин').waitFor();
  await page.keyboard.type('eva');
  await form.getByRole('textbox', { name: /Идентификатор/ }).and(page.locator('[value="eva"]')).waitFor(); // follows the login
  await admin.reach(form.getByRole('textbox', { name: 'Фамилия' }));
  await page.keyboard.type('Ершова');
  await admin.reach(form.getByRole('combobox', { name: 'Должность' }));
  await page.keyboard.type('Старший');
  await page.getByRole('option', { name: 'Старший оператор' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  for (const name of [/Установить роли/, /Установить заказчиков/]) {
    await admin.reach(form.getByRole('button', { name }));
    await page.keyboard.press('Enter');
  }
  await form.getByText('3 роли').waitFor();
  await admin.reach(form.locator('summary').filter({ hasText: 'Роли' }));
  await page.keyboard.press('Enter');
  await admin.reach(form.getByRole('checkbox', { name: /send_pics/ }));
  await page.keyboard.press('Space');
  await form.getByText('4 роли').waitFor();
  await seen(page, 'users-form');
  await page.keyboard.press('Enter'); // from a field it is kept as by the button
  await page.getByText('Пользователь добавлен').waitFor();
}

/** invites makes a link, and the person uses it once. */
async function invites(admin, browser, server) {
  const { page } = admin;
  await page.getByRole('button', { name: 'Пригласить' }).click();
  const link = page.getByRole('textbox', { name: 'Ссылка' });
  await link.waitFor();
  await seen(page, 'users-link');
  const url = await link.inputValue();
  await page.getByRole('button', { name: 'Готово' }).click();
  await page.keyboard.press('Escape');

  const eva = await person(browser);
  eva.forgive(true);
  await eva.page.goto(url);
  await eva.page.getByText('Ваш логин: eva').waitFor();
  await seen(eva.page, 'invite');
  const [first, again] = [eva.page.getByLabel('Пароль', { exact: true }), eva.page.getByLabel('Пароль ещё раз')];
  await first.fill('password1');
  await again.fill('password1');
  await eva.page.keyboard.press('Enter');
  await eva.page.getByText(/Этот пароль пробуют|Пароль состоит из логина/).waitFor();
  await first.fill('лошадь ест сено 7');
  await again.fill('другая лошадь 7');
  await eva.page.keyboard.press('Enter');
  await eva.page.getByText('Пароли не совпадают').waitFor();
  await again.fill('лошадь ест сено 7');
  await eva.page.keyboard.press('Enter');
  await eva.page.getByText('Пароль задан').waitFor();
  await eva.page.getByRole('link', { name: 'Войти' }).click();
  await eva.page.getByLabel('Логин').fill('eva');
  await eva.page.getByLabel('Пароль', { exact: true }).fill('лошадь ест сено 7');
  await eva.page.keyboard.press('Enter');
  await eva.page.getByRole('button', { name: /Статус:/ }).waitFor();
  const other = await person(browser);
  other.forgive(true);
  await other.page.goto(url);
  await other.page.getByText('Ссылка не действует').waitFor();
  await noViolations(other.page, 'a link that was used');
  expect(!(await server.call('GET', '/api/v1/users/eva')).disabled, 'eva is disabled');
}

/** takesIn looks at a broken table and at a good one, and loads that. */
async function takesIn(admin) {
  const { page } = admin;
  await page.getByRole('button', { name: 'Загрузить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Загрузить пользователей' });
  await dialog.locator('input[type=file], input').first().waitFor({ state: 'attached' });
  await page.locator('input[type=file]').setInputFiles(csv('broken.csv', broken));
  await dialog.getByText('Здесь нет «nowhere»').waitFor();
  expect(await dialog.getByRole('button', { name: 'Применить' }).isDisabled(), 'a table with a fault can be loaded');
  await page.locator('input[type=file]').setInputFiles(csv('users.csv', table));
  await dialog.getByText('Новых: 1. Изменится: 1. С ошибками: 0.').waitFor();
  await seen(page, 'users-import');
  expect((await admin.server.call('GET', '/api/v1/users?search=nina')).total === 0, 'a look has made a user');
  await dialog.getByRole('button', { name: 'Применить' }).click();
  await page.getByText('Загружено 2 пользователя').waitFor();
  await page.getByRole('searchbox', { name: 'Поиск пользователя' }).fill('нилова');
  await page.getByRole('link', { name: 'Нилова Нина' }).waitFor();
}

/** looksAndChanges sees as somebody does, and changes two at once. */
async function looksAndChanges(admin) {
  const { page } = admin;
  await page.getByRole('link', { name: 'Нилова Нина' }).click();
  await page.getByRole('button', { name: 'Смотреть как этот пользователь' }).click();
  const view = page.getByRole('dialog', { name: /Что видит и может/ });
  await view.getByText('Колл-центры: Лавка.').waitFor();
  await seen(page, 'users-view');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Нилова Нина' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Поиск пользователя' }).fill('');
  for (const name of ['Нилова Нина', 'Ершова']) await page.getByRole('checkbox', { name: `Отметить: ${name}` }).click();
  await page.getByRole('button', { name: 'Изменить отмеченных' }).click();
  const many = page.getByRole('dialog', { name: 'Изменить 2 пользователей' });
  await many.getByRole('combobox', { name: 'Добавить группы' }).click();
  await page.getByRole('option', { name: 'Заказы' }).click();
  await seen(page, 'users-many');
  await many.getByRole('button', { name: 'Показать, что изменится' }).click();
  await many.getByText('Новых: 0. Изменится: 2. С ошибками: 0.').waitFor();
  await noViolations(page, 'what many would become');
  await many.getByRole('button', { name: 'Применить' }).click();
  await page.getByText('Изменено 2 пользователя').waitFor();
}

/** switchesOff shuts an operator out who has a conversation. */
async function switchesOff(admin, server, browser) {
  const { page } = admin;
  const shop = await host(server.url);
  try {
    const olga = new Operator(await person(browser), server, 'olga');
    await olga.enterWork();
    const clara = new Customer(await person(browser), shop, 'Клара');
    await clara.come();
    await clara.write('Здравствуйте!');
    await olga.list.getByRole('link').first().waitFor();
    olga.forgive(true);
    await page.getByRole('link', { name: /Иванова-Петрова/ }).click();
    const form = page.getByRole('dialog', { name: /Иванова-Петрова/ });
    await form.getByRole('switch', { name: /Отключён/ }).press('Space');
    await form.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('1 открытый диалог вернётся в очередь').waitFor();
    await seen(page, 'users-off');
    await page.getByRole('button', { name: 'Отключить', exact: true }).click();
    await page.getByText('Пользователь сохранён').waitFor();
    await olga.page.getByLabel('Логин').waitFor();
    const { queues } = await server.call('GET', '/api/v1/monitoring');
    const waiting = queues.flatMap((q) => q.waiting);
    expect(waiting.length === 1, `${waiting.length} conversations wait, want 1`);
  } finally {
    shop.close();
  }
}

async function positions(admin) {
  const { page } = admin;
  await admin.tab('Должности');
  await page.getByRole('link', { name: 'Старший оператор' }).click();
  await page.getByRole('dialog', { name: 'Старший оператор' }).waitFor();
  await seen(page, 'users-positions');
  await page.keyboard.press('Escape');
}
