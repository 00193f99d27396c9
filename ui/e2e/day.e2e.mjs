// A day of an operator's, once by mouse and once by keyboard alone: every act of
// it, in the order in which people do them.
import { noViolations, shot } from './lib/browser.mjs';
import { pattern } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { bill, dot, world } from './lib/world.mjs';

/** How the acts are done by mouse. */
const mouse = {
  name: 'mouse',
  enter: (o) => o.enterWork(),
  open: (o, name) => o.open(name),
  async send(o, text) {
    await o.field.fill(text);
    await o.page.getByRole('button', { name: 'Отправить', exact: true }).click();
  },
  async giveKeys(o, title) {
    await o.page.getByRole('button', { name: `Действия с шаблоном «${title}»` }).click();
    await o.page.getByRole('menuitem', { name: 'Создать комбинацию' }).click();
    await o.dialog.getByLabel('Вторая клавиша').waitFor();
    await o.press('KeyA');
    await o.dialog.getByRole('button', { name: 'Сохранить комбинацию' }).click();
  },
  async attach(o, label, file) {
    const [chooser] = await Promise.all([o.page.waitForEvent('filechooser'), o.page.getByRole('button', { name: label }).click()]);
    await chooser.setFiles(file);
  },
  look: (o, name) => o.page.getByRole('button', { name: `Открыть файл ${name}` }).click(),
  async hold(o, text) {
    await o.page.getByRole('combobox', { name: 'Удержание (HOLD)' }).click();
    await o.page.getByRole('option', { name: text }).click();
    await o.page.getByRole('button', { name: 'Отправить фразу' }).click();
  },
  stopHold: (o) => o.page.getByRole('button', { name: 'Отменить', exact: true }).last().click(),
  async topic(o, name) {
    await o.page.getByRole('button', { name: 'Тема диалога' }).click();
    await o.page.getByRole('option', { name }).click();
  },
  async transfer(o, to, note) {
    await o.page.getByRole('button', { name: 'Перевести' }).click();
    await o.dialog.getByRole('tab', { name: 'Оператор' }).click();
    await o.dialog.getByRole('radio', { name: to }).click();
    await o.dialog.getByLabel('Сопроводительное сообщение').fill(note);
    await o.dialog.getByRole('button', { name: 'Перевести' }).click();
  },
  async close(o) {
    await o.page.getByRole('button', { name: 'Завершить' }).click();
    await o.dialog.getByRole('button', { name: 'Завершить' }).click();
    await o.dialog.getByText('Ответьте, чтобы завершить обращение').waitFor();
    await o.dialog.getByRole('radio', { name: 'Да' }).click();
    await o.dialog.getByRole('button', { name: 'Завершить' }).click();
  },
  async rate(c) {
    await c.dialog.getByRole('radio', { name: '5 из 5' }).check();
    await c.dialog.getByRole('button', { name: 'Отправить оценку' }).click();
  },
};

/** The same by keyboard alone, in the Russian layout. */
const keyboard = {
  name: 'keyboard',
  async enter(o) {
    const { page } = o;
    await o.quietly(async () => {
      await page.goto(o.server.url);
      await page.getByLabel('Логин').waitFor();
    });
    await page.keyboard.type(o.who);
    await o.reach(page.getByLabel('Пароль', { exact: true }));
    const { password } = await import('./lib/server.mjs');
    await page.keyboard.insertText(password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Статус:/ }).waitFor();
    await o.press('Ctrl+KeyK');
    await page.getByPlaceholder('Найти команду…').waitFor();
    await page.keyboard.insertText('«В сети»');
    await page.getByRole('button', { name: /Статус «В сети»/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Статус: В сети/ }).waitFor();
  },
  async open(o, name) {
    await o.row(name).waitFor();
    await o.page.keyboard.press('Alt+ArrowDown');
    await o.page.getByRole('heading', { level: 2, name }).waitFor();
  },
  async send(o, text) {
    await focused(o.field);
    await o.page.keyboard.insertText(text);
    await o.page.keyboard.press('Control+Enter');
  },
  async giveKeys(o, title) {
    const { page } = o;
    await o.enter(page.getByRole('button', { name: `Действия с шаблоном «${title}»` }));
    await page.getByRole('menuitem', { name: 'Создать комбинацию' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await focused(page.getByRole('menuitem', { name: 'Создать комбинацию' }));
    await page.keyboard.press('Enter');
    await focused(o.dialog.getByLabel('Вторая клавиша'));
    await o.press('KeyA');
    await page.keyboard.press('Enter');
    await o.dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await focused(o.field);
  },
  async attach(o, label, file) {
    await o.reach(o.page.getByRole('button', { name: label }));
    const [chooser] = await Promise.all([o.page.waitForEvent('filechooser'), o.page.keyboard.press('Enter')]);
    await chooser.setFiles(file);
    await o.reach(o.field, 'Shift+Tab');
  },
  async look(o, name) {
    const file = o.page.getByRole('button', { name: `Открыть файл ${name}` });
    await o.reach(file, 'Shift+Tab');
    await o.page.keyboard.press('Enter');
  },
  async hold(o, text) {
    await o.press('Alt+KeyH');
    await focused(o.page.getByRole('combobox', { name: 'Удержание (HOLD)' }));
    await o.page.keyboard.insertText(text.slice(0, 8));
    await o.page.getByRole('option', { name: text }).waitFor();
    await o.page.keyboard.press('ArrowDown');
    await o.page.keyboard.press('Enter');
    await o.page.getByRole('option', { name: text }).waitFor({ state: 'hidden' });
    await o.page.keyboard.press('Enter');
    await o.page.keyboard.press('Escape');
    await focused(o.field);
  },
  async stopHold(o) {
    const stop = o.page.getByRole('button', { name: 'Отменить', exact: true }).last();
    await o.reach(stop, 'Shift+Tab');
    await o.page.keyboard.press('Enter');
    await stop.waitFor({ state: 'detached' });
    await o.page.keyboard.press('Escape');
    await focused(o.field).catch(() => o.reach(o.field));
  },
  async topic(o, name) {
    await o.press('Alt+KeyM');
    await focused(o.page.getByLabel('Найти тему'));
    await o.page.keyboard.insertText(name.slice(0, 4));
    await o.page.getByRole('option', { name }).waitFor();
    await o.page.keyboard.press('Enter');
  },
  async transfer(o, to, note) {
    const { page } = o;
    await o.press('Alt+KeyT');
    await focused(o.dialog.getByRole('tab', { name: 'Группа' }));
    await page.keyboard.press('ArrowRight');
    await focused(o.dialog.getByRole('tab', { name: 'Оператор' }));
    await o.reach(o.dialog.getByRole('radio', { name: to }));
    await page.keyboard.press('Space');
    await o.reach(o.dialog.getByLabel('Сопроводительное сообщение'));
    await page.keyboard.insertText(note);
    await o.enter(o.dialog.getByRole('button', { name: 'Перевести' }));
  },
  async close(o) {
    const { page } = o;
    await o.press('Alt+KeyQ');
    await o.enter(o.dialog.getByRole('button', { name: 'Завершить' }));
    await o.dialog.getByText('Ответьте, чтобы завершить обращение').waitFor();
    // Nothing is chosen: from behind, the Tab key comes to the last of the two.
    await o.reach(o.dialog.getByRole('radio', { name: 'Да' }), 'Shift+Tab');
    await page.keyboard.press('Space');
    await o.enter(o.dialog.getByRole('button', { name: 'Завершить' }));
  },
  async rate(c) {
    await c.reach(c.dialog.getByRole('radio').first());
    for (let n = 0; n < 4; n++) await c.page.keyboard.press('ArrowRight');
    await c.page.keyboard.press('Space');
    await c.enter(c.dialog.getByRole('button', { name: 'Отправить оценку' }));
  },
};

for (const hands of [mouse, keyboard]) test(`a day by ${hands.name}`, () => world((w) => day(w, hands)));

async function day({ server, operator, customer }, hands) {
  const olga = await operator('olga');
  const { page } = olga;
  await hands.enter(olga);
  const anna = await customer('Анна');
  await anna.come();
  await anna.write('Здравствуйте, где мой заказ?');

  // A new conversation: a row, how many wait, how long is left, and nothing opens by itself.
  await olga.row('Анна').getByRole('img', { name: '1 сообщение без ответа' }).waitFor();
  await olga.row('Анна').getByRole('timer').waitFor();
  await page.waitForFunction(() => document.title === '(1) CraftTalk');
  expect(new URL(page.url()).pathname === '/work', `the page has gone to ${page.url()}`);
  await shot(page, `day-${hands.name}-1-row`);

  await hands.open(olga, 'Анна');
  await olga.bubble('где мой заказ').waitFor();
  await focused(olga.field);
  await hands.send(olga, 'Здравствуйте, Анна! Проверяю.');
  await anna.bubble('Проверяю').waitFor();
  await page.waitForFunction(() => document.title === 'CraftTalk');

  // A template of one's own key: it goes where the cursor is, and Ctrl+Z takes it back.
  await hands.giveKeys(olga, 'Благодарность');
  await olga.reach(olga.field);
  await page.keyboard.insertText('Всё хорошо.');
  await olga.press('Alt+KeyA');
  await holds(olga, 'Всё хорошо. Спасибо, что написали нам.');
  await page.keyboard.press('Control+z');
  await holds(olga, 'Всё хорошо.');
  await olga.press('Alt+KeyA');
  await page.keyboard.press('Control+Enter');
  await anna.bubble('Спасибо, что написали нам').waitFor();

  await files(olga, anna, hands);
  await holding(olga, anna, hands);
  await cut(olga, anna, hands);

  await hands.topic(olga, 'Опоздание');
  await page.getByRole('button', { name: /Тема диалога: Доставка.*Опоздание/ }).waitFor();
  await shot(page, `day-${hands.name}-4-topic`);

  // Another operator takes over, and knows why.
  const petr = await operator('petr');
  await petr.enterWork();
  await hands.transfer(olga, 'Пётр Смирнов', 'Клиентка ждёт с утра, позвоните курьеру.');
  await olga.row('Анна').waitFor({ state: 'detached' });
  await petr.row('Анна').getByRole('img', { name: 'Переведено вам с запиской' }).waitFor();
  await hands.open(petr, 'Анна');
  await petr.page.getByText('Клиентка ждёт с утра').first().waitFor();
  await shot(petr.page, `day-${hands.name}-5-note`);
  await hands.send(petr, 'Курьер будет через час.');
  await anna.bubble('через час').waitFor();
  expect((await anna.bubble('Клиентка ждёт').count()) === 0, 'the customer sees the note');
  await petr.page.getByRole('button', { name: /Тема диалога: Доставка.*Опоздание/ }).waitFor();
  const id = new URL(petr.page.url()).pathname.replace('/work/', '');
  await hands.close(petr);
  await petr.row('Анна').waitFor({ state: 'detached' });

  await hands.rate(anna);
  await anna.dialog.getByText('Спасибо за оценку!').waitFor();
  await shot(anna.page, `day-${hands.name}-6-rated`);
  await kept(server, id, hands);
}

/** Files go both ways, and are looked at where they are. */
async function files(olga, anna, hands) {
  const { page } = olga;
  await anna.attach(dot, bill);
  for (const [name, sign] of [['точка.png', 'img'], ['счёт.txt', 'text']]) {
    await page.getByRole('button', { name: `Открыть файл ${name}` }).waitFor();
    await hands.look(olga, name);
    await olga.dialog.getByText(name).waitFor();
    await (sign === 'img' ? olga.dialog.getByRole('img') : olga.dialog.getByText('Счёт на оплату')).first().waitFor();
    await page.keyboard.press('Escape');
    await olga.dialog.waitFor({ state: 'detached' });
  }
  await olga.reach(olga.field);
  await hands.attach(olga, 'Отправить фото', { ...dot, name: 'карта.png' });
  await hands.attach(olga, 'Отправить файл', { ...bill, name: 'чек.txt' });
  await page.getByRole('button', { name: 'Убрать файл карта.png' }).waitFor();
  await page.getByRole('button', { name: 'Убрать файл чек.txt' }).waitFor();
  await hands.send(olga, 'Вот карта и чек');
  await anna.dialog.getByRole('button', { name: 'Открыть изображение карта.png' }).waitFor();
  await anna.dialog.getByRole('button', { name: 'Скачать чек.txt' }).waitFor();
}

/** A HOLD phrase goes out past what is being typed; its time runs, and can be stopped. */
async function holding(olga, anna, hands) {
  const { page } = olga;
  await olga.reach(olga.field);
  await page.keyboard.insertText('Наполовину');
  await hands.hold(olga, pattern);
  await anna.bubble(pattern).waitFor();
  await holds(olga, 'Наполовину');
  const left = page.getByRole('timer', { name: /До автоматического сообщения/ });
  await left.waitFor();
  await shot(page, `day-${hands.name}-2-hold`);
  await hands.stopHold(olga);
  await left.waitFor({ state: 'detached' });
  await olga.reach(olga.field);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
}

/** The operator's network is cut: three messages wait, go out in order, and once. */
async function cut(olga, anna, hands) {
  const { page } = olga;
  const three = [1, 2, 3].map((n) => `Без связи ${n}`);
  await olga.quietly(async () => {
    await olga.context.setOffline(true);
    await page.getByText('Нет связи, сообщения уйдут автоматически').waitFor();
    for (const text of three) await hands.send(olga, text);
    await olga.bubble('Без связи 3').getByText('Отправляется').waitFor();
    await anna.write('А меня слышно?');
    await shot(page, `day-${hands.name}-3-cut`);
    await noViolations(page, 'without a network');
    await olga.context.setOffline(false);
    await olga.bubble('А меня слышно?').waitFor();
  });
  await page.getByText('Нет связи, сообщения уйдут автоматически').waitFor({ state: 'detached' });
  await anna.bubble('Без связи 3').waitFor();
  for (const one of [olga, anna]) {
    for (const text of three) expect((await one.bubble(text).count()) === 1, `${one.who} sees «${text}» ${await one.bubble(text).count()} times`);
  }
  const seen = (await anna.dialog.getByRole('listitem').allTextContents()).join('|').match(/Без связи \d/g);
  expect(seen.join() === three.join(), `the customer sees ${seen}`);
}

/** What the server has kept of it: each word once, in order, the topic, the rating, the question. */
async function kept(server, id, hands) {
  const { items } = await server.call('GET', `/api/v1/conversations/${id}/events`);
  const told = items.map((i) => i.fact);
  const replies = told.flatMap((f) => f.message_sent?.content?.text ?? []);
  const cutWords = replies.filter((t) => t.startsWith('Без связи'));
  expect(cutWords.join() === 'Без связи 1,Без связи 2,Без связи 3', `kept are ${replies}`);
  const end = told.find((f) => f.conversation_closed)?.conversation_closed;
  expect(end?.dissatisfied === true, `by ${hands.name} it ended as ${JSON.stringify(end)}`);
}

function focused(locator) {
  return locator.waitFor().then(async () => {
    const has = () => locator.evaluate((e) => e === document.activeElement);
    for (let n = 0; n < 300; n++) {
      if (await has()) return;
      await locator.page().evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
    throw new Error(`the focus is not at ${locator}`);
  });
}

async function holds(olga, text) {
  await olga.page.waitForFunction((t) => [...document.querySelectorAll('textarea')].some((f) => f.value === t), text)
    .catch(async () => { throw new Error(`the field holds «${await olga.field.inputValue()}» and not «${text}»`); });
}
