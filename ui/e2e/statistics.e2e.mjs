// A supervisor slices the figures of finished conversations: by mouse on a sector,
// by keyboard on a row, back again by the same; shares the address, takes the table
// along, and is led to the conversations behind an operator.
import { readFileSync } from 'node:fs';
import { noViolations, seen, shot } from './lib/browser.mjs';
import { robots } from './lib/crowd.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const asked = ['Вы принимаете старые купюры?', 'Какой сегодня курс?', 'Где ближайший банкомат?'];

/** Olga serves one conversation; the customers of another system are let go by an agent. */
async function past({ server, operator, customer }) {
  await server.call('PUT', '/api/v1/users/vera', {
    login: 'vera', password, first_name: 'Вера', last_name: 'Белова', roles: ['login', 'view_stat', 'view_dialogs_search'],
    center_ids: ['main'], line_ids: ['help', 'orders'], languages: [], skills: [], capacity: 1,
  });
  const olga = await operator('olga');
  await olga.enterWork();
  const ivan = await customer('Иван');
  await ivan.come();
  await ivan.write('Где моя карта?');
  await olga.list.getByRole('link').first().click();
  await olga.write('Уже в пути.');
  await ivan.bubble('Уже в пути.').waitFor();
  const { dialog, page } = olga;
  await page.getByRole('button', { name: 'Завершить' }).click();
  await dialog.getByRole('radio', { name: 'Нет' }).click();
  await dialog.getByRole('button', { name: 'Завершить' }).click();
  await dialog.waitFor({ state: 'detached' });
  const says = await robots(server, '2s');
  for (const [i, text] of asked.entries()) await says(`u${i}`, `Клиент ${i}`, text);
  const counted = async () => (await server.call('GET', '/api/v1/statistics')).figures.find((f) => f.id === 'total').count;
  for (let n = 0; (await counted()) < 4; n++) {
    expect(n < 300, 'the conversations do not come into the statistics');
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A table's file, without its mark of UTF-8. */
async function fileOf(page, link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text.startsWith('\ufeff'), 'a spreadsheet is not told that it is UTF-8');
  return text.slice(1).trim().split('\n').map((line) => line.trim().split(';'));
}

test('statistics: sliced by mouse and keyboard, shared, and taken along', () => world(async (people) => {
  await past(people);
  const vera = await people.operator('vera');
  const { page } = vera;
  await vera.signIn();
  await vera.enter(page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Статистика' }));
  const total = (n) => page.locator('[data-figure=total]').getByText(String(n), { exact: true }).waitFor();
  const chip = page.getByRole('button', { name: /^Убрать срез/ });
  const ring = page.getByRole('img', { name: /^Каналы/ });
  await total(4);
  await vera.enter(page.getByRole('button', { name: 'Час', exact: true }));
  await page.waitForURL(/range=1h/);
  await total(4);
  await ring.waitFor();
  await noViolations(page, 'light');
  await shot(page, 'statistics-light');

  // Three of four came from the other system: the sector goes from the top beyond the right.
  const sector = { position: { x: 120, y: 70 } };
  await ring.click(sector);
  await total(3);
  await page.getByRole('button', { name: 'Убрать срез «Канал: Внешняя система»' }).waitFor();
  await page.getByText('Операторы в этих обращениях не участвовали').waitFor();
  expect(new URL(page.url()).searchParams.get('kind') === 'api', page.url());
  const friend = await people.operator('vera');
  await friend.signIn(new URL(page.url()).pathname + new URL(page.url()).search);
  await friend.page.getByRole('button', { name: 'Убрать срез «Канал: Внешняя система»' }).waitFor();
  await friend.page.locator('[data-figure=automatic]').getByText('3', { exact: true }).waitFor();
  await ring.click(sector);
  await total(4);
  expect((await chip.count()) === 0, 'the slice is still told');

  const rows = page.getByRole('table', { name: 'Каналы' });
  await vera.reach(rows.getByRole('button').first());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await total(1);
  await page.keyboard.press('Enter');
  await total(4);
  await vera.enter(page.getByRole('button', { name: 'Как считается «Время ответа клиенту»' }));
  await page.getByRole('dialog').getByText('Особые случаи').waitFor();
  await noViolations(page, 'about a figure');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const operators = page.getByRole('table', { name: 'Операторы' });
  const cells = await operators.getByRole('row').nth(1).locator('td, th').allTextContents();
  const file = await fileOf(page, page.getByRole('link', { name: 'Скачать таблицу «Операторы» (CSV)' }));
  expect(file.length === 2 && file[1].slice(0, 5).join() === cells.slice(1, 6).join(), `the table has ${cells}, the file ${file[1]}`);
  const seconds = (text) => Number(text.replace(',', '.').replace(/\sс$/, ''));
  for (const at of [5, 6, 7]) expect(Math.abs(seconds(file[1][at]) - seconds(cells[at + 1])) < 0.06, `the table has ${cells[at + 1]}, the file ${file[1][at]}`);

  const statuses = page.getByRole('table', { name: 'Статусы операторов' });
  await statuses.getByRole('row', { name: /Ольга Иванова/ }).waitFor();
  const times = await fileOf(page, page.getByRole('link', { name: 'Скачать таблицу «Статусы операторов» (CSV)' }));
  const olgas = times.find((row) => row[0] === 'olga');
  expect(seconds(olgas[2]) > 0 && seconds(olgas[3]) >= seconds(olgas[2]), `olga was ${olgas}`);
  await statuses.getByRole('button', { name: 'Отрезки времени: Ольга Иванова' }).click();
  await page.getByRole('table', { name: 'Отрезки времени: Ольга Иванова' }).getByRole('cell', { name: 'Обращение' }).waitFor();

  await page.getByText('Таблицей').click();
  await page.getByRole('table', { name: 'Обращения по времени' }).getByRole('button').first().click();
  await page.getByRole('button', { name: /^Убрать срез «Время:/ }).waitFor();
  await seen(page, 'statistics-cut');
  await page.getByRole('button', { name: 'Сбросить' }).click();
  const behind = operators.getByRole('link', { name: 'Отобразить обращения оператора Ольга Иванова' });
  const address = new URL(await behind.getAttribute('href'), page.url()).searchParams;
  expect(address.get('operator') === 'olga' && address.get('by') === 'closed' && Date.parse(address.get('to')) - Date.parse(address.get('from')) === 3_600_000, `${address}`);
  await behindEach(page);
  await page.getByText('Меньше фильтров').waitFor();
  await seen(page, 'statistics-behind');
  await page.setViewportSize({ width: 1024, height: 900 });
  await shot(page, 'statistics-behind-1024');
}));

/** Follows every link to conversations: the search finds as many as the page counts. */
async function behindEach(page) {
  const links = await page.locator('a[href^="/history?"]').evaluateAll((all) => all.map((a) => {
    const row = a.closest('tr');
    const counted = row ? [...row.querySelectorAll('td')].map((td) => td.textContent).find((text) => /^\d+$/.test(text)) : a.textContent;
    return { href: a.getAttribute('href'), what: a.getAttribute('aria-label'), figure: a.closest('[data-figure]')?.dataset.figure, counted: Number(counted) };
  }));
  const followed = links.filter(({ figure }) => !figure || ['total', 'automatic', 'by_operators', 'dissatisfied', 'pairs'].includes(figure));
  expect(followed.length > 12 && followed.some(({ href }) => /[?&](topic|language|rating)=(&|0|$)/.test(href)), `the page has ${followed.length} links: ${followed.map((l) => l.href)}`);
  for (const { href, what, counted } of followed) {
    const answer = page.waitForResponse(/\/api\/v1\/history\/days/);
    await page.evaluate((to) => history.pushState(null, '', to), href);
    const { total } = await (await answer).json();
    expect(total === counted, `${what}: ${counted} are counted, ${total} are found at ${href}`);
  }
}
