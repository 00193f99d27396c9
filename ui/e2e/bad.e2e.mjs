// What goes wrong, and what stays safe: files that can't go, words that look like
// code, a slow or broken server, two windows, a killed server, an ended session.
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shot } from './lib/browser.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { bill, dot, world } from './lib/world.mjs';

/** talk is a world in which Ольга has Анна's conversation open. */
const talk = (run) => () => world(async (w) => {
  const olga = await w.operator('olga');
  await olga.enterWork();
  const anna = await w.customer('Анна');
  await anna.come();
  await anna.write('Здравствуйте');
  await olga.open('Анна');
  await olga.bubble('Здравствуйте').waitFor();
  await run({ ...w, olga, anna });
});

test('bad: files that cannot go are refused before they are sent', talk(async ({ olga, anna, server }) => {
  const sent = [];
  for (const one of [olga, anna]) one.page.on('request', (r) => r.method() === 'POST' && /files/.test(r.url()) && sent.push(r.url()));
  const folder = mkdtempSync(join(tmpdir(), 'crafttalkd-file-'));
  const big = join(folder, 'кино.bin');
  closeSync(openSync(big, 'w'));
  truncateSync(big, 50 * 1024 * 1024 + 1);
  try {
    const input = (label) => olga.page.getByRole('button', { name: label });
    const pick = async (label, file) => {
      const [chooser] = await Promise.all([olga.page.waitForEvent('filechooser'), input(label).click()]);
      await chooser.setFiles(file);
    };
    await olga.field.fill('Набрано');
    await pick('Отправить файл', big);
    await olga.page.getByText(/Файл «кино.bin» больше 50/).waitFor();
    await pick('Отправить файл', { ...bill, name: 'ничего.txt', buffer: Buffer.alloc(0) });
    await olga.page.getByText('Файл «ничего.txt» пустой.').waitFor();
    await anna.dialog.locator('input[type=file]').setInputFiles(big);
    await anna.dialog.getByText(/Файл больше \d+ МБ/).waitFor();
    expect(sent.length === 0, `something was sent: ${sent}`);
    expect((await olga.field.inputValue()) === 'Набрано', 'the draft is gone');

    // Who may not send files has no button for them, and a drop says why not.
    const old = await server.call('GET', '/api/v1/users/olga');
    await server.call('PUT', '/api/v1/users/olga', { ...writable(old), roles: old.roles.filter((r) => r !== 'send_files') });
    await olga.quietly(() => olga.page.reload());
    await input('Отправить фото').waitFor();
    expect((await input('Отправить файл').count()) === 0, 'the button for files is there');
    const drop = await olga.page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'тайна.txt', { type: 'text/plain' }));
      return data;
    });
    for (const type of ['dragenter', 'dragover', 'drop']) await olga.field.dispatchEvent(type, { dataTransfer: drop });
    await olga.page.getByText('У вас нет прав отправлять такие файлы: «тайна.txt».').waitFor();
    expect(sent.length === 0, `something was sent: ${sent}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}));

test('bad: what looks like code is shown as text', talk(async ({ olga, anna }) => {
  const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1) & <b>жирно</b>';
  await anna.write(evil);
  await olga.bubble('<b>жирно</b>').waitFor();
  await olga.write(evil);
  await anna.bubble('<b>жирно</b>').nth(1).waitFor();
  for (const one of [olga, anna]) {
    const page = one.page;
    expect((await page.evaluate(() => globalThis.hacked)) === undefined, `${one.who}: it ran`);
    expect((await page.locator('b, img[src="x"], a[href^="javascript"]').count()) === 0, `${one.who}: it became markup`);
  }
}));

test('bad: a slow and then a broken server leaves the screen usable', talk(async ({ olga, anna }) => {
  const { page } = olga;
  await olga.quietly(async () => {
    // Nothing is answered until the gate opens, and it opens when all else has been done.
    let open;
    const gate = new Promise((done) => { open = done; });
    await page.route('**/api/v1/**', async (route) => {
      await gate;
      await route.continue().catch(() => {});
    });
    const asked = page.waitForRequest(/verdicts/);
    await page.getByRole('button', { name: 'Почему этот оператор?' }).first().click();
    await asked;
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Тикет' }).click();
    await page.getByRole('tab', { name: 'Предыдущие обращения' }).click();
    await page.getByRole('tab', { name: 'Обращение', exact: true }).click();
    await olga.write('Сервер медлит, я нет');
    await anna.bubble('Сервер медлит').waitFor();
    open();
    await page.getByRole('button', { name: 'Почему этот оператор?' }).first().click();
    await page.getByText('Получил обращение').waitFor();
    await page.keyboard.press('Escape');

    await page.unroute('**/api/v1/**');
    await page.route('**/api/v1/**', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"fault","status":500}' }));
    await olga.field.fill('Не пропаду');
    await page.getByRole('button', { name: 'Перевести' }).click();
    await olga.dialog.getByText('На сервере произошла ошибка').waitFor();
    await shot(page, 'bad-500');
    await page.unroute('**/api/v1/**');
    await olga.dialog.getByRole('button', { name: 'Повторить' }).click();
    await olga.dialog.getByRole('tab', { name: 'Оператор' }).waitFor();
    await page.keyboard.press('Escape');

    // An upload that fails says so, and can be tried again.
    await page.route('**/files**', (route) => route.fulfill({ status: 503, body: '' }));
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Отправить фото' }).click()]);
    await chooser.setFiles(dot);
    const retry = page.getByRole('button', { name: 'Загрузить файл точка.png снова' });
    await retry.waitFor();
    await page.unroute('**/files**');
    await retry.click();
    await page.getByRole('button', { name: 'Убрать файл точка.png' }).waitFor();
    expect((await olga.field.inputValue()) === 'Не пропаду', 'the draft is gone');
    await olga.field.press('Control+Enter');
    await anna.bubble('Не пропаду').waitFor();
  });
}));

test('bad: two windows of one operator', talk(async ({ olga, anna, server }) => {
  const first = olga.page;
  const second = await olga.context.newPage();
  await second.goto(`${server.url}${new URL(first.url()).pathname}`);
  await first.getByText('Вы работаете в другом окне или на другом компьютере').waitFor();
  await second.getByRole('textbox', { name: 'Текст сообщения' }).fill('Из второго окна');
  await second.keyboard.press('Control+Enter');
  await anna.bubble('Из второго окна').waitFor();
  await shot(first, 'bad-replaced');
  await first.getByRole('button', { name: 'Работать здесь' }).click();
  await second.getByRole('button', { name: 'Работать здесь' }).waitFor();
  await olga.bubble('Из второго окна').waitFor();
  await olga.write('Снова из первого');
  await anna.bubble('Снова из первого').waitFor();
  expect((await anna.bubble('Из второго окна').count()) === 1, 'the message is doubled');
}));

test('bad: a draft outlives a reload and a killed server', talk(async ({ olga, anna, server }) => {
  const { page } = olga;
  anna.forgive(true);
  await olga.quietly(async () => {
    await olga.field.fill('Черновик, который жив');
    await page.reload();
    await holds(olga, 'Черновик, который жив');
    await server.kill();
    await page.getByText('Нет связи, сообщения уйдут автоматически').waitFor();
    await olga.field.fill('Черновик без сервера');
    await server.again();
    await page.getByRole('img', { name: 'На связи' }).waitFor({ timeout: 40_000 });
    await holds(olga, 'Черновик без сервера');
    await page.reload();
    await holds(olga, 'Черновик без сервера');
    await olga.field.press('Control+Enter');
    await anna.bubble('Черновик без сервера').waitFor({ timeout: 40_000 });
    expect((await olga.bubble('Здравствуйте').count()) === 1, 'the first message is there more than once');
  });
}));

test('bad: an ended session leads to the door and back', talk(async ({ olga, anna, server }) => {
  const { page } = olga;
  const place = new URL(page.url()).pathname;
  await olga.field.fill('Допишу потом');
  await page.waitForResponse((r) => /drafts/.test(r.url()) && r.request().method() === 'PUT');
  await olga.quietly(async () => {
    const old = await server.call('GET', '/api/v1/users/olga');
    await server.call('PUT', '/api/v1/users/olga', { ...writable(old), password });
    await page.getByRole('heading', { name: 'Вход в CraftTalk' }).waitFor();
    await olga.passTheDoor();
    await page.waitForURL((u) => u.pathname === place);
  });
  await page.getByRole('button', { name: /Статус: В сети/ }).waitFor();
  await holds(olga, 'Допишу потом');
  await anna.write('Вы здесь?');
  await olga.bubble('Вы здесь?').waitFor();
}));

/** What may be put of a user that was read. */
function writable({ login, first_name, last_name, roles, center_ids, line_ids, languages, skills, capacity, revision }) {
  return { login, first_name, last_name, roles, center_ids, line_ids, languages, skills, capacity, revision };
}

async function holds({ page, field }, text) {
  await field.waitFor();
  await page.waitForFunction((t) => [...document.querySelectorAll('textarea')].some((f) => f.value === t), text, { timeout: 15_000 })
    .catch(async () => { throw new Error(`the field holds «${await field.inputValue()}» and not «${text}»`); });
}
