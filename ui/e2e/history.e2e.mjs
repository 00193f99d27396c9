// A supervisor looks for finished conversations: by words, by day, with filters in
// the address; reads one, goes through it in time, labels a message, and takes it
// along as text.
import { readFileSync } from 'node:fs';
import { seen } from './lib/browser.mjs';
import { robots } from './lib/crowd.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const roles = ['login', 'view_dialogs_search', 'view_client', 'view_clients', 'modify_clients', 'modify_knowledgebase'];

/** Ivan asks, olga answers and closes; the customers of another system are let go by themselves. */
async function past({ server, operator, customer }) {
  await server.call('PUT', '/api/v1/users/vera', {
    login: 'vera', password, first_name: 'Вера', last_name: 'Белова', roles, center_ids: ['main'], line_ids: ['help', 'orders'], languages: [], skills: [], capacity: 1,
  });
  const olga = await operator('olga');
  await olga.enterWork();
  const ivan = await customer('Иван');
  await ivan.come();
  await ivan.write('Где моя красная карта? Жду уже неделю.');
  await olga.list.getByRole('link').first().click();
  await olga.write('Ваша карта в пути, привезём завтра.');
  await ivan.bubble('Ваша карта в пути, привезём завтра.').waitFor();
  const { dialog, page } = olga;
  await page.getByRole('button', { name: 'Завершить' }).click();
  await dialog.getByRole('button', { name: 'Завершить' }).click();
  await dialog.getByText('Ответьте, чтобы завершить обращение').waitFor();
  await dialog.getByRole('radio', { name: 'Нет' }).click();
  await dialog.getByRole('button', { name: 'Завершить' }).click();
  await dialog.waitFor({ state: 'detached' });
  const says = await robots(server, '2s');
  await says('u0', 'Борис Орлов', 'Вы принимаете старые купюры?');
  await says('u1', 'Анна Котова', 'какой курс доллара');
  const found = async () => (await server.call('GET', '/api/v1/history/days')).total;
  for (let n = 0; (await found()) < 3; n++) {
    expect(n < 300, 'the conversations do not come into the history');
    await new Promise((done) => setTimeout(done, 100));
  }
}

test('history: found, read, gone through in time and taken along', () => world(async (people) => {
  await past(people);
  const vera = await people.operator('vera');
  const { page } = vera;
  const check = (name) => seen(page, `history-${name}`);
  await vera.signIn();
  await vera.enter(page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Поиск обращений' }));
  const list = page.getByRole('complementary', { name: 'Найденные обращения' });
  await list.getByText('Найдено 3 обращения').waitFor();
  await list.getByRole('link', { name: /Борис Орлов/ }).waitFor();
  await check('list');

  await page.getByRole('searchbox', { name: 'Текст сообщения' }).fill('карты');
  await list.getByText('Найдено 1 обращение').waitFor();
  const row = list.getByRole('link', { name: /Иван/ });
  expect((await row.locator('mark').allTextContents()).join() === 'карта', 'the word is not marked');
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: /Иван/ }).waitFor();
  const facts = page.getByRole('complementary', { name: 'О диалоге' });
  await facts.getByText('До первого ответа оператора').waitFor();
  await facts.getByText(/Ольга Иванова/).first().waitFor();
  await page.getByText('Ваша карта в пути, привезём завтра.').first().waitFor();
  await check('read');
  const address = new URL(page.url());
  expect(address.pathname.startsWith('/history/') && address.searchParams.get('text') === 'карты', `the address is ${address}`);

  const [one] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Скачать этот диалог текстовым файлом' }).click()]);
  const text = readFileSync(await one.path(), 'utf8');
  expect(text.includes('красная карта') && text.includes('Ольга Иванова') && !text.includes('купюры'), text);
  const [all] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Скачать все найденные обращения текстовым файлом' }).click()]);
  expect(readFileSync(await all.path(), 'utf8').includes('красная карта'), 'the export does not have what was found');

  await page.getByRole('button', { name: 'Машина времени' }).click();
  const slider = page.getByRole('slider', { name: 'Момент диалога' });
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.getByText('В этот момент').waitFor();
  expect((await page.getByText('Ваша карта в пути, привезём завтра.').count()) === 0, 'what came later is shown');
  await check('travel');
  await page.getByRole('button', { name: 'Машина времени' }).click();

  await page.getByRole('tab', { name: 'Анкета клиента' }).click();
  await page.getByRole('textbox', { name: 'Имя' }).waitFor();
  await check('customer');
  await page.getByRole('tab', { name: 'Предыдущие обращения' }).click();
  await page.getByText(/обращени/).first().waitFor();
  await page.getByRole('tab', { name: 'Разметка' }).click();
  await page.getByRole('button', { name: /^Указать запись: Где моя красная карта/ }).waitFor();
  await check('markup');

  await page.getByRole('button', { name: 'Сбросить' }).click();
  await list.getByText('Найдено 3 обращения').waitFor();
  await page.getByRole('button', { name: 'Ещё фильтры' }).click();
  await page.getByRole('combobox', { name: 'Кем обработан' }).click();
  await page.getByRole('option', { name: 'Автоматически' }).click();
  await list.getByText('Найдено 2 обращения').waitFor();
  await check('filters');
  await page.reload();
  await list.getByText('Найдено 2 обращения').waitFor();
}));
