// An administrator makes the agents, their chain and the working hours, and a
// customer in the widget meets them: greeted and answered while the shop is open,
// told when it opens while it is not, all by the keyboard; and an agent of somebody
// else's with the mouse.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Admin, office } from './lib/admin.mjs';
import { person, seen, shot } from './lib/browser.mjs';
import { host } from './lib/site.mjs';
import { expect, test } from './lib/test.mjs';
import { Customer } from './lib/world.mjs';

const said = {
  hello: 'Здравствуйте! Это лавка чая.',
  closed: 'Сейчас никого нет. Откроемся {opens}.',
  order: 'Заказ едет к вам, ждите курьера.',
};

async function world(looks, run) {
  let shop;
  try {
    await office({ ...looks, Kind: Chief, args: ['--allow', '127.0.0.1'] }, async (admin, server, browser) => {
      const article = (id, title, text, questions = []) =>
        server.call('PUT', `/api/v1/articles/${id}`, { identifier: id, title, questions, answers: [{ answer_id: '1', text }] });
      await article('hello', 'Приветствие лавки', said.hello);
      await article('closed', 'Лавка закрыта', said.closed);
      await article('order', 'Где заказ', said.order, ['где мой заказ', 'когда привезут заказ']);
      shop = await host(server.url);
      const customer = async (name) => new Customer(await person(browser, looks), shop, name);
      await run({ server, admin, customer });
    });
  } finally {
    shop?.close();
  }
}

/** Somebody who sets up agents. `keys` is by the keyboard alone. */
class Chief extends Admin {
  keys = false;

  get sheet() {
    return this.dialog;
  }

  /** press does it with the mouse, or reaches it by Tab and presses Enter. */
  async press(target, key = 'Enter') {
    if (!this.keys) return target.click();
    await this.reach(target);
    await this.page.keyboard.press(key);
  }

  async type(target, text) {
    if (!this.keys) return target.fill(text);
    await this.reach(target);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(text);
  }

  /** choose takes an option of a list; what is searched for is typed. */
  async choose(label, option, typed, within = this.sheet) {
    const field = within.getByRole('combobox', { name: label });
    const one = this.page.getByRole('option', { name: option });
    if (!this.keys) {
      await field.click();
      if (typed) await field.fill(typed);
      await one.click();
      return;
    }
    await this.reach(field);
    if (typed) await this.page.keyboard.type(typed);
    else await this.page.keyboard.press('ArrowDown');
    await one.waitFor();
    // What is searched for comes a moment after it is typed, and nothing is marked then.
    if (typed) await this.page.getByRole('option').nth(1).waitFor({ state: 'detached' });
    for (let n = 0; n < 10; n++) {
      if (await one.evaluate((e) => e.hasAttribute('data-combobox-selected'))) break;
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
    await one.waitFor({ state: 'hidden' });
  }

  /** mark chooses one of a few that stand side by side: arrows lead along them. */
  async mark(name) {
    if (!this.keys) return this.sheet.getByText(name, { exact: true }).click();
    const one = this.sheet.getByRole('radio', { name });
    await this.reach(this.sheet.getByRole('radio', { checked: true }));
    for (let n = 0; n < 5 && !(await one.isChecked()); n++) await this.page.keyboard.press('ArrowRight');
    expect(await one.isChecked(), `«${name}» is not chosen`);
  }

  async tab(name) {
    const link = this.page.getByRole('navigation', { name: 'Агенты' }).getByRole('link', { name });
    // The tabs are one stop, and arrows lead along them.
    if (this.keys) {
      await this.reach(this.page.getByRole('navigation', { name: 'Агенты' }).locator('[aria-current=page]'));
      await this.page.keyboard.press('Home');
      for (let n = 0; n < 3 && !(await link.evaluate((e) => e === document.activeElement)); n++) await this.page.keyboard.press('ArrowRight');
      await this.page.keyboard.press('Enter');
    } else await link.click();
    await link.and(this.page.locator('[aria-current=page]')).waitFor();
  }

  button(name) {
    return this.sheet.getByRole('button', { name, exact: true });
  }

  async save() {
    await this.press(this.button('Сохранить'));
    await this.sheet.waitFor({ state: 'detached' });
  }

  async add(kind, name, more) {
    await this.press(this.page.getByRole('link', { name: 'Новый агент' }));
    await this.choose('Вид', kind);
    await this.type(this.sheet.getByRole('textbox', { name: 'Название', exact: true }), name);
    await more?.();
  }
}

/** Days as the form writes them. */
const date = (ahead) => {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Moscow' }).format(Date.now() + ahead * 86_400_000).split('-');
  return parts.toReversed().join('.');
};

async function makeAgents(admin) {
  const { sheet, page } = admin;
  await admin.add('Приветствие', 'Добрый день', async () => {
    await admin.press(admin.button('Сохранить'));
    await sheet.getByText('Выберите статью, которой агент здоровается').waitFor();
    await shot(page, 'agents-wrong');
    await admin.choose('Статья приветствия', 'Приветствие лавки', 'hello');
  });
  await seen(page, 'agents-greeting');
  await admin.save();
  await admin.add('Нерабочее время', 'Никого нет', async () => {
    await admin.choose('Статья с извещением', 'Лавка закрыта', 'closed');
    await admin.choose('Что делать с обращением', 'Поставить в очередь к операторам');
  });
  await shot(page, 'agents-hours');
  await admin.save();
  await admin.add('ИИ-бот', 'Бот', async () => {
    await admin.type(sheet.getByRole('textbox', { name: 'Идентификатор' }), 'operators');
    await admin.press(admin.button('Сохранить'));
    await sheet.getByText('занято системой').waitFor();
    await admin.type(sheet.getByRole('textbox', { name: 'Идентификатор' }), 'bot');
    await admin.type(sheet.getByRole('textbox', { name: 'Точность' }), '90,5');
    await admin.type(sheet.getByRole('textbox', { name: 'Промахов' }), '2');
  });
  await seen(page, 'agents-bot');
  await admin.save();
  await page.getByRole('row', { name: /Бот/ }).getByText('90,5 %').waitFor();
}

async function makeHours(admin) {
  const { sheet, page } = admin;
  await admin.tab('Рабочее время');
  await page.getByText('Календарей пока нет').waitFor();
  await admin.press(page.getByRole('link', { name: 'Новый календарь' }));
  await admin.type(sheet.getByRole('textbox', { name: 'Название', exact: false }).first(), 'Лавка');
  await admin.type(sheet.getByRole('textbox', { name: 'Вторник: до' }), '8');
  await admin.press(admin.button('Добавить промежуток: Суббота'));
  await admin.press(admin.button('Добавить промежуток: Понедельник'));
  await admin.type(sheet.getByRole('textbox', { name: 'Понедельник, 2: с' }), '17');
  await admin.type(sheet.getByRole('textbox', { name: 'Понедельник, 2: до' }), '20');
  await sheet.getByText('До утра следующего дня').waitFor();
  await admin.press(admin.button('Сохранить'));
  await sheet.getByText('Промежутки пересекаются').waitFor();
  await seen(page, 'agents-week');
}

async function makeChain(admin) {
  const { sheet, page } = admin;
  await admin.tab('Цепочки');
  await admin.press(page.getByRole('link', { name: 'Вся организация' }));
  for (const agent of ['Бот', 'Добрый день', 'Никого нет']) await admin.choose('Добавить агента', new RegExp(`^${agent}`));
  // Who moves by the keyboard stays on the button.
  await admin.press(admin.button('Выше: Никого нет'));
  await admin.press(admin.button('Выше: Никого нет'));
  await admin.press(admin.button('Ниже: Бот'));
  const order = await sheet.getByRole('listitem').allTextContents();
  expect(['Никого нет', 'Добрый день', 'Бот', 'Операторы'].every((name, i) => order[i].includes(name)), `the order is ${order.join(', ')}`);
  await seen(page, 'agents-chain');
  await admin.save();
}

test('agents: hours, greeting and bot meet the customer, by the keyboard', () =>
  world({}, async ({ admin, customer }) => {
    await admin.come('/agents');
    admin.keys = true;
    const { page, sheet } = admin;
    await page.getByText('Агентов пока нет').waitFor();
    await shot(page, 'agents-none');
    await makeAgents(admin);
    await seen(page, 'agents-list');

    await makeHours(admin);
    await admin.press(admin.button('Круглосуточно'));
    await admin.save();
    await page.getByText('Сейчас: открыто').first().waitFor();
    await admin.choose('Рабочее время: Лавка', 'Лавка', undefined, page);
    await page.getByText('Рабочее время сохранено: Лавка').waitFor();
    await seen(page, 'agents-places');

    await makeChain(admin);
    await page.getByRole('row', { name: /Сайт/ }).getByText('Добрый день').waitFor();
    await seen(page, 'agents-chains');

    const anna = await customer('Анна');
    await anna.come();
    await anna.write('Где мой заказ');
    await anna.bubble(said.hello).waitFor();
    await anna.bubble(said.order).waitFor();

    await admin.tab('Рабочее время');
    await admin.press(page.getByRole('link', { name: 'Лавка' }).first());
    for (const ahead of [0, 1]) {
      await admin.press(admin.button('Добавить день'));
      await admin.type(sheet.getByRole('textbox', { name: 'Дата' }).nth(ahead), date(ahead));
    }
    await shot(page, 'agents-days');
    await admin.save();
    await page.getByText('Сейчас: закрыто, откроется').first().waitFor();
    await shot(page, 'agents-closed');
    const boris = await customer('Борис');
    await boris.come();
    await boris.write('Где мой заказ');
    await boris.bubble('Сейчас никого нет. Откроемся').waitFor();
    expect((await boris.bubble(said.hello).count()) === 0, 'who comes too late is greeted');

    await admin.tab('Цепочки');
    await admin.press(page.getByRole('link', { name: 'Сайт' }));
    await admin.mark('Без агентов');
    await shot(page, 'agents-channel');
    await admin.save();
    await page.getByRole('row', { name: /Сайт/ }).getByText('Без агентов').waitFor();
  }));

/** A program of somebody else's: an agent, and a model that has read the articles. */
async function outside() {
  const server = createServer(async (r, w) => {
    let text = '';
    for await (const piece of r) text += piece;
    const asked = JSON.parse(text);
    if (/сломайся/.test(text)) w.statusCode = 500;
    const says = r.url.endsWith('/chat/completions')
      ? { choices: [{ message: { role: 'assistant', content: JSON.stringify({ answer: 'Курьер уже едет.', articles: ['order'] }) } }] }
      : { actions: [{ reply: { text: `Вы спросили: ${asked.message.text}` } }, { hand_over: { to: 'operator' } }] };
    w.setHeader('Content-Type', 'application/json');
    w.end(JSON.stringify(says));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** tried asks the agent whose form is open. */
async function tried(admin, text, result) {
  const trial = admin.sheet.getByRole('region', { name: 'Проверка' });
  await admin.type(trial.getByRole('textbox', { name: 'Что пишет клиент' }), text);
  await admin.press(trial.getByRole('button', { name: 'Проверить' }));
  await trial.getByRole('status').getByText(result).waitFor();
  return trial;
}

// proves BT-07
test('agents: a program and a model are entered and tried, with the mouse', async () => {
  const other = await outside();
  try {
    await world({}, async ({ admin }) => {
      const { page, sheet } = admin;
      const check = (name) => seen(page, `agents-${name}`);
      await admin.come('/agents');
      await admin.add('Внешний агент', 'Погода', async () => {
        await admin.press(admin.button('Сохранить'));
        await sheet.getByRole('textbox', { name: 'Адрес' }).and(page.locator('[aria-invalid=true]')).waitFor();
        await admin.type(sheet.getByRole('textbox', { name: 'Адрес' }), `${other.url}/turn`);
      });
      await check('external');
      await admin.press(admin.button('Сохранить'));
      await sheet.getByText('Сохраните сейчас: больше это не покажется').waitFor();
      await admin.press(sheet.getByRole('button', { name: 'Проверить' }));
      await sheet.getByText('Введите, что пишет клиент').waitFor();
      const trial = await tried(admin, 'Где мой заказ?', 'Ответил за');
      await trial.getByText('Сообщение: Вы спросили: Где мой заказ?').waitFor();
      await trial.getByText('Передаст операторам').waitFor();
      await admin.press(trial.getByText('Что отправлено'));
      await trial.getByText('"trial": true').waitFor();
      await check('external-tried');
      await tried(admin, 'сломайся', 'Не ответил');
      await check('external-broken');
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });

      await admin.add('Модель ответов', 'Знаток', async () => {
        await admin.type(sheet.getByRole('textbox', { name: 'Адрес' }), `${other.url}/v1`);
        await admin.type(sheet.getByRole('textbox', { name: 'Название модели' }), 'tea-1');
        await admin.type(sheet.getByRole('textbox', { name: 'Ключ доступа' }), 'sk-secret');
      });
      await check('model');
      await admin.save();
      await admin.press(page.getByRole('link', { name: 'Знаток' }));
      const model = await tried(admin, 'Где мой заказ', 'Ответил за');
      await model.getByText('Сообщение: Курьер уже едет.').waitFor();
      expect(!(await page.content()).includes('sk-secret'), 'the key is told');
      await check('model-tried');
    });
  } finally {
    other.close();
  }
});
