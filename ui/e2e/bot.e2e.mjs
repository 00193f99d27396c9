// An administrator teaches the bot: from a fresh installation to a model, a phrase
// that is tried, a training, the way back to an older model; then goes through
// conversations by the keyboard alone, and looks at what a survey brought.
import { readFileSync } from 'node:fs';
import { office } from './lib/admin.mjs';
import { seen } from './lib/browser.mjs';
import { listener, robots } from './lib/crowd.mjs';
import { expect, test } from './lib/test.mjs';

const bank = {
  lost: ['Потеря карты', 'я потерял карту', 'карта потерялась что делать', 'как заблокировать карту', 'у меня украли карту', 'срочно заблокируйте карту'],
  delivery: ['Доставка карты', 'когда привезут карту', 'где моя новая карта', 'сколько ждать доставку карты', 'доставка карты курьером', 'карта ещё не пришла'],
  rate: ['Курсы валют', 'какой курс доллара', 'курс евро сегодня', 'по какому курсу обмен валюты', 'где посмотреть курс валют', 'обменять доллары'],
  loan: ['Кредит', 'хочу взять кредит', 'какая ставка по кредиту'],
};
const grades = [{ id: 'good', caption: 'Да' }, { id: 'bad', caption: 'Нет' }];

async function until(holds, why) {
  for (let n = 0; n < 300; n++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(why);
}

async function articles(server) {
  for (const [id, [title, ...questions]] of Object.entries(bank)) {
    await server.call('PUT', `/api/v1/articles/${id}`, { identifier: id, title, questions, answers: [{ answer_id: 'a', text: `Ответ: ${title}.` }] });
  }
}

/** A survey among the articles. */
async function survey(server) {
  const put = (path, body) => server.call('PUT', `/api/v1/${path}`, body);
  await put('slots/speed', { identifier: 'speed', name: 'Вы довольны скоростью?', type: 'DICTIONARY', question: { text: 'Вы довольны скоростью?' }, entries: grades });
  await put('articles/quality', {
    identifier: 'quality', title: 'Качество обслуживания', questions: ['Как оставить отзыв?'], slot_ids: ['speed'], answers: [{ answer_id: 'a', text: 'Спасибо за отзыв!' }],
  });
}

/** Customers of another system ask a bot, each once they are answered; who falls silent is let go soon. */
async function customers(server) {
  const others = await listener();
  try {
    const says = await robots(server, '4s', { settings: { webhook_url: others.url } });
    const talks = async (id, name, ...texts) => {
      for (const [n, text] of texts.entries()) {
        await says(id, name, text);
        await others.heard(id, n + 1);
      }
    };
    await talks('c1', 'Борис Орлов', 'Вы принимаете старые купюры?');
    await until(async () => (await ended(server)) === 1, 'the conversation does not end');
    await talks('c2', 'Анна Белова', 'какой курс доллара', 'а у вас есть парковка?');
    await talks('c3', 'Вера Котова', 'Как оставить отзыв?', 'Да');
    await until(async () => (await ended(server)) === 3, 'the conversations do not end');
  } finally {
    others.close();
  }
}

const models = async (server) => (await server.call('GET', '/api/v1/bot/models')).items;
const ended = async (server) => (await server.call('GET', '/api/v1/reviews')).items.length;

test('bot: from nothing to a model, a phrase, a training and the way back', () => office({}, async (admin, server) => {
  const { page, dialog } = admin;
  const check = (name) => seen(page, `bot-${name}`);
  await admin.come('/bot');
  await page.getByText('Бот ещё ничему не научился').waitFor();
  await check('empty');
  await admin.tab('Качество');
  await page.getByText('Показать пока нечего').waitFor();

  await articles(server);
  await until(async () => (await models(server)).length === 1, 'no model is made');
  await admin.tab('Состояние');
  await page.reload();
  const card = page.getByRole('region', { name: 'Русский' });
  await card.getByText('новая модель в работе').waitFor();
  await check('state');

  await admin.tab('Проверить фразу');
  await page.getByRole('textbox', { name: 'Фраза клиента' }).fill('потерялась карта, заблокируйте');
  await page.keyboard.press('Enter');
  const found = page.getByRole('list', { name: 'Подходящие записи' }).getByRole('listitem');
  expect((await found.first().getByRole('heading').textContent()) === 'Потеря карты', 'the likeliest article does not come first');
  await found.first().getByText('Почему').click();
  await found.first().getByText('Похожие примеры').waitFor();
  await check('try');

  await admin.tab('Качество');
  await page.getByText('Верная запись — первая').waitFor();
  await page.getByRole('img', { name: /Можно ли верить проценту/ }).waitFor();
  await page.getByText('Показать таблицей').first().click();
  await page.getByRole('table', { name: 'Можно ли верить проценту' }).waitFor();
  await check('quality');
  await admin.tab('Что улучшить');
  const few = page.getByRole('table', { name: 'Записи' }).getByRole('row').nth(1);
  expect(/Кредит.*меньше 5/.test(await few.textContent()), `first comes ${await few.textContent()}`);
  await check('improve');

  await server.call('PUT', '/api/v1/articles/password', { identifier: 'password', title: 'Пароль', questions: ['забыл пароль', 'сбросить пароль'], answers: [{ answer_id: 'a', text: 'Ответ.' }] });
  await admin.tab('Состояние');
  await admin.button('Обучить сейчас').click();
  await page.getByText('Обучение завершено').waitFor({ timeout: 60_000 }); // it steps back while others work
  const kept = page.getByRole('table', { name: 'Модели' }).getByRole('row');
  await kept.nth(2).waitFor();
  await check('trained');
  await kept.nth(2).getByRole('button', { name: /Вернуть модель/ }).click();
  await dialog.getByText('сразу перейдут на неё').waitFor();
  await check('back');
  await dialog.getByRole('button', { name: 'Вернуть' }).click();
  await kept.nth(2).getByText('В работе').waitFor();
  expect((await models(server))[1].in_use, 'the older model is not in use');
  await card.getByText('выбрал Анна Главная').waitFor();
}));

test('bot: conversations are gone through by the keyboard, and a survey is counted', () => office({ args: ['--allow', '127.0.0.1'] }, async (admin, server) => {
  const { page } = admin;
  const check = (name) => seen(page, `reviews-${name}`);
  await articles(server);
  await survey(server);
  await until(async () => (await models(server)).length > 0, 'no model is made');
  await customers(server);

  const fresh = async () => (await server.call('GET', '/api/v1/bot')).languages[0].fresh;
  const before = await fresh();
  await admin.come('/reviews');
  const list = page.getByRole('complementary', { name: 'Завершённые обращения' });
  await list.getByText('Показано 3 обращения').waitFor();
  await check('list');
  await list.getByRole('link', { name: /Анна Белова/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Анна Белова' }).waitFor();
  const lines = page.getByRole('region', { name: 'Сообщения' });
  const pencil = (text) => lines.getByRole('button', { name: text });
  await until(() => pencil(/^Указать запись: какой курс/).evaluate((e) => e === document.activeElement), 'the first line has no focus');
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /Курсы валют/ }).waitFor();
  await check('pick');
  await page.keyboard.type('курсы');
  await page.getByRole('option', { name: /Кредит/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await pencil(/^Метка: Курсы валют/).waitFor();
  await until(() => pencil(/^Метка: Курсы валют/).evaluate((e) => e === document.activeElement), 'the focus does not come back');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'Нет подходящей статьи' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await pencil(/^Метка: нет статьи/).waitFor();
  await lines.getByText('Размечено 2 из 2 реплик').waitFor();
  await list.getByRole('link', { name: /Анна Белова.*2 метки/ }).waitFor();
  await check('labelled');
  await page.keyboard.press('Delete');
  await lines.getByText('Размечено 1 из 2 реплик').waitFor();
  await admin.button('Отменить').last().click();
  await lines.getByText('Размечено 2 из 2 реплик').waitFor();

  await page.keyboard.press('Control+Enter');
  await list.getByText('Показано 2 обращения').waitFor();
  await page.getByRole('heading', { level: 2, name: 'Борис Орлов' }).waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('heading', { level: 2, name: 'Вера Котова' }).waitFor();
  await list.getByText('ПРОВЕРЕН', { exact: true }).first().click();
  await list.getByText('Показано 1 обращение').waitFor();
  await list.getByRole('link', { name: /Анна Белова.*2 метки/ }).click();
  await lines.getByText(/Проверил Анна Главная/).waitFor();
  await check('reviewed');
  const talk = (await server.call('GET', '/api/v1/reviews?state=reviewed')).items[0];
  expect(talk.labels === 2 && talk.reviewed_by !== '', JSON.stringify(talk));

  await until(async () => (await fresh()) === before + 1, 'the label is not learnt at once');
  await page.goto(`${server.url}/bot`);
  await page.getByRole('region', { name: 'Русский' }).getByText(/новы[йхе]* пример/).waitFor();

  await page.goto(`${server.url}/knowledge`);
  await admin.tab('Результаты опросов');
  await page.getByRole('row', { name: /Качество обслуживания.*Да.*пройден/ }).waitFor();
  await page.getByRole('heading', { level: 3, name: 'Вы довольны скоростью?' }).waitFor();
  await check('surveys');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Скачать' }).click()]);
  const table = readFileSync(await download.path(), 'utf8');
  expect(/;speed\r?\n.*quality;Качество обслуживания;completed;robot;false;Да/.test(table), table);
}));
