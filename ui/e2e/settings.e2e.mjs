// An administrator says what holds for everybody and for one center, finds a
// setting, takes words and whole changes back, and an operator's workplace goes
// by it; by the keyboard alone.
import { office } from './lib/admin.mjs';
import { seen } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';

// proves US-05, US-08, OP-12, OP-15
test('settings: found, changed, refused, given back and undone by keyboard', () => office({}, (admin, server) => changed(server, admin)));

async function changed(server, admin) {
  const { page } = admin;
  const bar = page.getByRole('region', { name: 'Несохранённые изменения' });
  const held = async () => (await server.call('GET', '/api/v1/settings/main')).in_force;
  await admin.come('/settings');
  const grace = page.getByRole('textbox', { name: 'Ожидание при потере связи' });
  await grace.waitFor();
  await seen(page, 'settings');

  // Searched by what it does, changed by keys, refused by its bounds and kept.
  await page.keyboard.press('Tab');
  await admin.reach(page.getByRole('searchbox', { name: 'Найти настройку' }));
  await page.keyboard.type('пропала связь');
  await page.getByRole('switch', { name: 'Прежний оператор' }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('q') === 'пропала связь', 'the search is not in the address');
  await admin.reach(grace);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('3601');
  await bar.getByText('Изменена 1 настройка').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Нужно число от 0 до 3 600').waitFor();
  await seen(page, 'settings-refused');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('25');
  await page.keyboard.press('Enter');
  await page.getByText('Настройки сохранены.').waitFor();
  await bar.waitFor({ state: 'detached' });
  expect((await held()).connection_grace === '25s', `what holds is ${JSON.stringify(await held())}`);

  // A center goes by it, has its own, and gives it back.
  await page.goto(`${server.url}/settings?center=main`);
  await grace.waitFor();
  await page.getByText('Как у всей организации').first().waitFor();
  expect((await grace.inputValue()) === '25', 'a center does not follow the organisation');
  await grace.fill('7');
  await admin.reach(bar.getByRole('button', { name: 'Сохранить' }));
  await page.setViewportSize({ width: 1024, height: 768 });
  await seen(page, 'settings-center');
  await page.keyboard.press('Enter');
  await bar.waitFor({ state: 'detached' });
  const back = page.getByRole('button', { name: 'Вернуть: Ожидание при потере связи' });
  await admin.reach(back);
  await page.keyboard.press('Enter');
  expect((await grace.inputValue()) === '25', 'what the organisation says is not shown');
  await admin.reach(bar.getByRole('button', { name: 'Сохранить' }));
  await page.keyboard.press('Enter');
  await bar.waitFor({ state: 'detached' });
  expect((await back.count()) === 0, 'there is still something to give back');
  expect((await held()).connection_grace === '25s', 'the center has not gone back');

  // Who changed what, and the way back.
  await page.getByRole('main').getByRole('link', { name: 'История изменений' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: 'Ожидание при потере связи Не задано 7 с' }).waitFor();
  await seen(page, 'settings-changes');
  const first = page.getByRole('listitem').filter({ has: page.getByRole('row', { name: 'Ожидание при потере связи 7 с Не задано' }) });
  await first.getByRole('button', { name: /Отменить изменение/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: 'Ожидание при потере связи 7 с' }).waitFor();
  await seen(page, 'settings-undo');
  await admin.reach(dialog.getByRole('button', { name: 'Отменить изменение' }));
  await page.keyboard.press('Enter');
  await page.getByText('Изменение отменено.').waitFor();
  expect((await held()).connection_grace === '7s', 'the change is not undone');
}
