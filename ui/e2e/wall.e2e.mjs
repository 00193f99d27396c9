// A supervisor looks on: a customer waits, is served, is read along, put back;
// an operator is taken off reception; by the keyboard alone.
import { seen, shot } from './lib/browser.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const roles = ['login', 'view_monitoring', 'view_client', 'view_clients', 'modify_configuration'];

/** Somebody without a mouse. */
function hand(one) {
  const { page } = one;
  return {
    press: (locator) => one.enter(locator),
    /** row opens a conversation: the list is one tab stop, and arrows go through it. */
    row: async (name) => {
      const link = page.getByRole('link', { name, exact: false });
      await link.waitFor();
      await toRow(one, link);
      await page.keyboard.press('Enter');
    },
    /** act chooses an entry of a row's menu. */
    act: async (stop, of, name) => {
      const button = page.getByRole('region', { name: 'Обращения и операторы' }).getByRole('button', { name: `Действия: ${of}`, exact: true });
      await button.waitFor();
      await toRow(one, stop);
      await one.enter(button);
      const entry = page.getByRole('menuitem', { name });
      await entry.waitFor();
      for (let n = 0; n < 6 && !(await entry.evaluate((e) => e === document.activeElement)); n++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    },
  };
}

async function toRow(one, stop) {
  const { page } = one;
  const list = page.getByRole('region', { name: 'Обращения и операторы' });
  await one.reach(list.locator('[data-stop][tabindex="0"]'));
  await page.keyboard.press('Home');
  await list.getByRole('button', { name: /Очередь диалогов/ }).and(page.locator(':focus')).waitFor();
  for (let n = 0; n < 20; n++) {
    if (await stop.evaluate((e) => e === document.activeElement)) return;
    const before = await page.evaluate(() => document.activeElement?.closest('[data-key]')?.getAttribute('data-key'));
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction((key) => document.activeElement?.closest('[data-key]')?.getAttribute('data-key') !== key, before);
  }
  throw new Error(`no arrow leads to ${stop}`);
}

// proves MN-02, MN-03, MN-04, MN-06, MN-08
test('wall: work is looked at, and led, by the keyboard', () =>
  world(async ({ server, operator, customer }) => {
    await server.call('PUT', '/api/v1/users/vera', {
      login: 'vera', password, first_name: 'Вера', last_name: 'Старшая', roles, center_ids: ['main'], line_ids: ['help'], languages: [], skills: [], capacity: 3,
    });
    const vera = await operator('vera');
    const { page } = vera;
    const by = hand(vera);
    await vera.signIn('/monitoring');
    await page.getByText('Никто не ждёт').waitFor();
    await seen(page, 'wall-none');

    const anna = await waits(vera, await customer('Анна'), by);
    const olga = await operator('olga');
    await olga.enterWork();
    await readAlong(vera, olga, anna);
    await led(vera, olga, by);
  }));

/** A customer waits, and the wall says why. */
async function waits({ page }, anna, by) {
  await anna.come();
  await anna.write('Где мой заказ?');
  await page.getByRole('link', { name: /Анна/ }).waitFor();
  await page.getByText('Никого нет на приёме', { exact: true }).waitFor();
  await by.row('Анна');
  const why = page.getByRole('region', { name: 'Почему ждёт' });
  await why.getByText('Не на приёме или нет связи').waitFor();
  await why.getByText(/Ольга Иванова/).waitFor();
  await page.getByRole('article').filter({ hasText: 'Где мой заказ?' }).waitFor();
  expect(decodeURIComponent(new URL(page.url()).pathname).startsWith('/monitoring/'), `the conversation is not in the address ${page.url()}`);
  await seen(page, 'wall-waits');
  return anna;
}

/** It moves to who takes it, and is read while both write; nobody else can write there. */
async function readAlong({ page }, olga, anna) {
  await page.getByRole('group', { name: 'Ольга Иванова' }).getByText('В сети').waitFor();
  await page.getByText('Отвечает Ольга Иванова').waitFor();
  const pane = page.getByRole('region', { name: 'Просмотр обращения' });
  await olga.open('Анна');
  await page.getByText(/^Без ответа/).waitFor();
  await olga.write('Уже у курьера.');
  await pane.getByRole('article').filter({ hasText: 'Уже у курьера.' }).waitFor();
  await page.getByText(/^Без ответа/).waitFor({ state: 'detached' });
  await anna.write('Спасибо!');
  await pane.getByRole('article').filter({ hasText: 'Спасибо!' }).waitFor();
  expect((await pane.getByRole('textbox').count()) === 0, 'who looks on can write');
  await seen(page, 'wall-served');
  await page.setViewportSize({ width: 1024, height: 768 });
  await shot(page, 'wall-narrow');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width <= 1024, `the page is ${width} wide`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
}

/** The operator is taken off, the conversation waits again, gets a priority, and is taken over. */
async function led(vera, olga, by) {
  const { page } = vera;
  const dialog = page.getByRole('dialog');
  await by.act(page.getByRole('group', { name: 'Ольга Иванова' }), 'Ольга Иванова', 'Отключить оператора');
  await dialog.getByText('1 обращение вернётся в очередь').waitFor();
  await seen(page, 'wall-offline');
  await by.press(dialog.getByRole('button', { name: 'Отключить' }));
  await page.getByText('Никого нет на приёме', { exact: true }).waitFor();
  await page.getByText('оператора отключил супервайзер').waitFor();
  await olga.page.getByRole('button', { name: /Статус: Не в сети/ }).waitFor();

  await by.act(page.getByRole('link', { name: /Анна/ }), 'Анна', 'Изменить приоритет');
  const field = dialog.getByRole('textbox', { name: 'Приоритет' });
  await field.fill('5');
  await seen(page, 'wall-priority');
  await field.press('Enter');
  await page.getByText('Приоритет 5', { exact: true }).waitFor();

  await olga.page.getByRole('button', { name: /Статус: Не в сети/ }).click();
  await olga.page.getByRole('menuitem', { name: 'В сети' }).click();
  await page.getByText('Никто не ждёт').waitFor();
  await page.getByRole('button', { name: /Статус: Не в сети/ }).click();
  await page.getByRole('menuitem', { name: 'В сети' }).click();
  await page.getByRole('group', { name: 'Вера Старшая' }).waitFor();
  await by.act(page.getByRole('link', { name: /Анна/ }), 'Анна', 'Взять себе');
  await page.getByText('Обращение теперь у вас').waitFor();
  await page.getByRole('group', { name: 'Вера Старшая' }).getByRole('img', { name: 'Занято 1 из 3 мест' }).waitFor();
  await page.getByRole('group', { name: 'Ольга Иванова' }).getByRole('img', { name: 'Занято 0 из 5 мест' }).waitFor();
  await shot(page, 'wall-taken');
}
