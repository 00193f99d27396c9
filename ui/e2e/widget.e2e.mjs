// The widget on a hostile page: another origin, a strict policy, rules that want
// to hide and to repaint everything. Nothing is lost or doubled, whatever happens
// to the network, and nothing reaches the page.
import { noViolations, person, shot, startBrowser } from './lib/browser.mjs';
import { password, startServer } from './lib/server.mjs';
import { host } from './lib/site.mjs';
import { expect, test } from './lib/test.mjs';

/** operator works at the desk by its socket, so that this case needs no other screen. */
async function operator(browser, server) {
  const { page, context, complaints } = await person(browser);
  await page.goto(server.url + '/demo');
  await page.evaluate(async ([login, password]) => {
    const r = await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password }) });
    if (!r.ok) throw new Error(`${r.status} ${await r.text()}`);
    const ws = new WebSocket(location.origin.replace('http', 'ws') + '/desk/v1/socket', ['crafttalk.v1.json']);
    const facts = [];
    let id = 0;
    globalThis.desk = { facts, typed: 0, send: (f) => ws.send(JSON.stringify({ id: String(++id), ...f })) };
    ws.onmessage = (e) => {
      const f = JSON.parse(e.data);
      if (f.entry) facts.push(f.entry);
      if (f.typing) globalThis.desk.typed++;
      if (f.answer?.kind) throw new Error(`the desk refuses: ${f.answer.text}`);
    };
    await new Promise((done) => { ws.onopen = done; });
    globalThis.desk.send({ hello: {} });
    globalThis.desk.send({ set_presence: { presence: 'ONLINE' } });
  }, ['olga', password]);
  const conversation = () => page.waitForFunction(() => {
    const e = globalThis.desk.facts.findLast((f) => f.fact.conversation_assigned);
    return e?.stream.replace('conversation/', '');
  }).then((h) => h.jsonValue());
  const said = () => page.evaluate(() => globalThis.desk.facts.flatMap((f) => (f.fact.message_received ? [f.fact.message_received.content.text ?? f.fact.message_received.content.pressed?.value ?? ''] : [])));
  const hears = (text) => page.waitForFunction((t) => globalThis.desk.facts.some((f) => f.fact.message_received?.content.text === t), text);
  const send = (f) => page.evaluate((x) => globalThis.desk.send(x), f);
  let n = 0;
  return { page, context, complaints, conversation, said, hears, send, reply: (c, content) => send({ reply: { conversation_id: c, message_id: 'o' + ++n, content } }) };
}

async function world(run, settings = {}) {
  const server = await startServer();
  const browser = await startBrowser();
  let site;
  try {
    await server.setUp();
    await server.furnish();
    const old = await server.call('GET', '/api/v1/accounts/site');
    await server.call('PUT', '/api/v1/accounts/site', { kind: 'widget', name: 'Сайт', center_id: 'main', routing: { line_id: 'help' }, settings, revision: old.revision });
    site = await host(server.url);
    await run({ server, browser, site });
  } finally {
    site?.close();
    await browser.close();
    await server.stop();
  }
}

const prechat = [{ name: 'fname', required: true, cyrillic: true }, { name: 'lname', cyrillic: true }, { name: 'phone', required: true }];
const dialog = (page) => page.getByRole('dialog', { name: 'Чат с поддержкой' });
const field = (page) => dialog(page).getByRole('textbox', { name: 'Сообщение' });
const bubble = (page, text) => dialog(page).getByRole('listitem').filter({ hasText: text });

async function write(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

test('widget: a hostile page, two tabs, a reload, a cut network', () => world(async ({ browser, site, server }) => {
  const olga = await operator(browser, server);
  const anna = await person(browser, { viewport: { width: 1000, height: 800 } });
  const { page } = anna;
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Открыть чат' }).click();
  await write(page, 'Здравствуйте, где мой заказ?');
  await olga.hears('Здравствуйте, где мой заказ?');
  const conv = await olga.conversation();
  await bubble(page, 'где мой заказ').getByText('Отправлено').waitFor({ state: 'attached' });
  await olga.reply(conv, { text: 'Смотрю: https://example.org/x. Минуту!', buttons: [{ caption: 'Хорошо', value: 'ok' }] });
  await bubble(page, 'Минуту!').waitFor();
  const href = await bubble(page, 'Минуту!').getByRole('link').getAttribute('href');
  expect(href === 'https://example.org/x', `the link leads to ${href}`);
  await olga.send({ typing: { conversation_id: conv } });
  await dialog(page).getByText('Оператор печатает…').waitFor();
  await field(page).pressSequentially('а');
  await olga.page.waitForFunction(() => globalThis.desk.typed > 0);
  await shot(page, 'widget-hostile');
  await dialog(page).getByRole('button', { name: 'Хорошо' }).click();

  const second = await anna.context.newPage();
  await second.goto(site.url);
  await second.getByRole('button', { name: 'Открыть чат' }).click();
  await bubble(second, 'где мой заказ').waitFor();
  expect((await field(second).inputValue()) === 'а', 'the draft is not kept');
  await write(second, 'Из второй вкладки');
  await bubble(page, 'Из второй вкладки').waitFor();

  anna.forgive(true);
  await anna.context.setOffline(true);
  for (const n of [1, 2, 3]) await write(page, `Без связи ${n}`);
  await dialog(page).getByText('Нет связи, сообщения уйдут автоматически').waitFor();
  await bubble(page, 'Без связи 3').getByText('Отправляется').waitFor();
  await noViolations(page, 'offline');
  await shot(page, 'widget-offline');
  await anna.context.setOffline(false);
  await olga.hears('Без связи 3');
  anna.forgive(false);
  await page.reload();
  await bubble(page, 'Без связи 3').getByText('Отправлено').waitFor({ state: 'attached' });
  for (const p of [page, second]) {
    for (const n of [1, 2, 3]) await bubble(p, `Без связи ${n}`).first().waitFor();
    for (const n of [1, 2, 3]) expect((await bubble(p, `Без связи ${n}`).count()) === 1, `message ${n} is there ${await bubble(p, `Без связи ${n}`).count()} times`);
  }
  const said = (await olga.said()).filter((t) => t.startsWith('Без связи'));
  expect(said.join() === 'Без связи 1,Без связи 2,Без связи 3', `the operator has heard ${said}`);

  await dialog(page).press('Escape');
  await second.close();
  await olga.reply(conv, { text: 'Заказ уже у курьера' });
  const launcher = page.getByRole('button', { name: /Открыть чат, 1 новое сообщение/ });
  await launcher.waitFor();
  expect(await launcher.evaluate((b) => b.getRootNode().activeElement === b), 'the focus is not at the launcher');
  await shot(page, 'widget-unread');
  await launcher.click();
  await olga.send({ close: { conversation_id: conv, topic_id: 'payment', dissatisfied: false } });
  await dialog(page).getByRole('radio', { name: '4 из 5' }).check().catch((e) => { throw new Error(olga.complaints.join() || e.message); });
  await noViolations(page, 'rating');
  await shot(page, 'widget-rating');
  await dialog(page).getByRole('button', { name: 'Отправить оценку' }).click();
  await dialog(page).getByText('Спасибо за оценку!').waitFor();
  await page.reload();
  await dialog(page).getByText('Спасибо за оценку!').waitFor();
  const left = await page.evaluate(() => ({ errors: globalThis.errors, added: Object.keys(globalThis).filter((k) => !globalThis.before.includes(k)) }));
  expect(left.errors.length === 0, `the page has seen ${left.errors}`);
  expect(left.added.filter((k) => !['before', '__CraftTalkCallback', 'CraftTalk'].includes(k)).length === 0, `new globals: ${left.added}`);
  expect(anna.complaints.length === 0, anna.complaints.join('\n'));
  expect(olga.complaints.length === 0, olga.complaints.join('\n'));
}));

test('widget: the form before the chat, files, a phone', () => world(async ({ browser, site, server }) => {
  const olga = await operator(browser, server);
  for (const scheme of ['light', 'dark']) {
    const boris = await person(browser, { scheme, viewport: { width: 390, height: 760 }, hasTouch: true });
    const { page } = boris;
    await page.goto(site.url + '#stranger');
    await noViolations(page.locator('h1').page(), 'closed');
    await page.getByRole('button', { name: 'Открыть чат' }).click();
    await dialog(page).getByRole('button', { name: 'Начать чат' }).click();
    await dialog(page).getByText('Заполните это поле').first().waitFor();
    await dialog(page).getByLabel('Имя').fill('Boris');
    await dialog(page).getByText('Только русские буквы, пробел и дефис').waitFor();
    await noViolations(page, `form ${scheme}`);
    await shot(page, `widget-form-${scheme}`);
    await dialog(page).getByLabel('Имя').fill('Борис-Пётр Ёлкин');
    await dialog(page).getByLabel('Телефон').pressSequentially('89161234567');
    expect((await dialog(page).getByLabel('Телефон').inputValue()) === '+7 (916) 123-45-67', await dialog(page).getByLabel('Телефон').inputValue());
    await dialog(page).getByRole('button', { name: 'Начать чат' }).click();
    await dialog(page).locator('input[type=file]').setInputFiles([
      { name: 'пусто.txt', mimeType: 'text/plain', buffer: Buffer.from('') },
      { name: 'точка.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') },
      { name: 'счёт.txt', mimeType: 'text/plain', buffer: Buffer.from('Счёт на оплату') },
    ]);
    await dialog(page).getByText('Файл пуст').waitFor();
    await dialog(page).getByRole('button', { name: 'Убрать файл' }).first().click();
    await field(page).fill('Вот фото и счёт');
    await shot(page, `widget-shelf-${scheme}`);
    await dialog(page).getByRole('button', { name: 'Отправить' }).click();
    await olga.hears('Вот фото и счёт');
    await dialog(page).getByRole('button', { name: 'Скачать счёт.txt' }).waitFor();
    const tab = page.waitForEvent('popup');
    await dialog(page).getByRole('button', { name: 'Открыть изображение точка.png' }).click();
    await (await tab).close();
    const conv = await olga.conversation();
    await olga.reply(conv, { text: 'Спасибо! Что-нибудь ещё?', buttons: [{ caption: 'Позвать старшего' }, { caption: 'Нет, всё' }] });
    await bubble(page, 'Что-нибудь ещё?').waitFor();
    await noViolations(page, `chat ${scheme}`);
    await shot(page, `widget-phone-${scheme}`);
    const box = await dialog(page).boundingBox();
    expect(box.x === 0 && box.y === 0 && box.width === 390 && box.height === 760, `the panel is at ${JSON.stringify(box)}`);
    expect(boris.complaints.length === 0, boris.complaints.join('\n'));
    await boris.context.close();
  }
}, { prechat }));

test('widget: where sockets are blocked', () => world(async ({ browser, site, server }) => {
  const olga = await operator(browser, server);
  const vera = await person(browser);
  vera.forgive(true);
  await vera.page.routeWebSocket(/.*/, (ws) => ws.close());
  await vera.page.goto(site.url);
  await vera.page.getByRole('button', { name: 'Открыть чат' }).click();
  await write(vera.page, 'Без сокетов');
  await olga.hears('Без сокетов');
  await olga.reply(await olga.conversation(), { text: 'Слышу вас' });
  await bubble(vera.page, 'Слышу вас').waitFor();
  expect((await bubble(vera.page, 'Без сокетов').count()) === 1, 'the message is doubled');
}));

test('widget: the shop of the demonstration', () => world(async ({ browser, server }) => {
  for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 390]]) {
    const guest = await person(browser, { scheme, viewport: { width, height: 860 } });
    await guest.page.goto(server.url + '/demo');
    await guest.page.getByRole('button', { name: 'Спросить чайного мастера' }).waitFor();
    await guest.page.getByRole('button', { name: 'Открыть чат' }).waitFor();
    await noViolations(guest.page, `shop ${scheme} ${width}`);
    await shot(guest.page, `shop-${scheme}-${width}`);
    await guest.page.getByRole('button', { name: 'Спросить чайного мастера' }).click();
    await dialog(guest.page).waitFor();
    await noViolations(guest.page, `shop with the chat ${scheme} ${width}`);
    await shot(guest.page, `shop-open-${scheme}-${width}`);
    expect(guest.complaints.length === 0, guest.complaints.join('\n'));
    await guest.context.close();
  }
}));

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNkYPj/n4GBgYFxVCEAKIAC/0NQ1cYAAAAASUVORK5CYII=';
