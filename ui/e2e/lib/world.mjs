// A world for one case: a server of its own, a shop beside it, a browser, and
// the people in it. When the case is over, whoever has a complaint fails it.
import { person, startBrowser } from './browser.mjs';
import { password, startServer } from './server.mjs';
import { host } from './site.mjs';
import { expect } from './test.mjs';

/** world plays a case: run is given { server, shop, operator, customer }. */
export async function world(run, how) {
  const server = await startServer(how);
  const browser = await startBrowser();
  const people = [];
  const join = async (Kind, looks, ...more) => {
    const one = new Kind(await person(browser, looks), ...more);
    people.push(one);
    return one;
  };
  let shop;
  try {
    await server.setUp();
    await server.furnish();
    shop = await host(server.url, 'site', how?.files);
    await run({
      server,
      operator: (login, looks) => join(Operator, looks, server, login),
      customer: (name, looks) => join(Customer, looks, shop, name),
    });
    for (const one of people) expect(one.complaints.length === 0, `${one.who}: ${one.complaints.join('\n')}`);
  } catch (wrong) {
    const told = people.filter((one) => one.complaints.length > 0).map((one) => `${one.who}: ${one.complaints.join('; ')}`);
    if (told.length > 0 && wrong instanceof Error) wrong.stack += `\nComplaints:\n${told.join('\n')}`;
    await pictures(people);
    throw wrong;
  } finally {
    shop?.close();
    await browser.close();
    await server.stop();
  }
}

/** What everybody saw when a case failed, if pictures are asked for. */
async function pictures(people) {
  const folder = process.env.CRAFTTALK_SHOTS;
  if (!folder) return;
  for (const one of people) await one.page.screenshot({ path: `${folder}/failed-${one.who}.png` }).catch(() => {});
}

/** Somebody with a page. */
class Person {
  constructor(opened, who) {
    Object.assign(this, opened, { who });
  }

  /** quietly does what makes the browser complain, such as cutting the network. */
  async quietly(act) {
    this.forgive(true);
    await act();
    this.forgive(false);
  }

  /** press sends a key as a keyboard in the Russian layout does: another letter, the same place. */
  async press(combo) {
    const names = combo.split('+');
    const code = names.pop();
    const bits = { Alt: 1, Ctrl: 2, Shift: 8 };
    const modifiers = names.reduce((sum, name) => sum + bits[name], 0);
    const cdp = (this.cdp ??= await this.context.newCDPSession(this.page));
    const about = { modifiers, code, key: russian[code] ?? code, windowsVirtualKeyCode: code.charCodeAt(code.length - 1) };
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...about });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...about });
  }

  /** reach goes to an element by the Tab key alone. */
  async reach(locator, key = 'Tab') {
    await locator.waitFor();
    for (let n = 0; n < 120; n++) {
      if (await locator.evaluate((e) => e === e.ownerDocument.activeElement || e.getRootNode().activeElement === e)) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`Tab does not lead to ${locator}`);
  }

  async enter(locator) {
    await this.reach(locator);
    await this.page.keyboard.press('Enter');
  }
}

const russian = { KeyA: 'ф', KeyK: 'л', KeyH: 'р', KeyM: 'ь', KeyQ: 'й', KeyT: 'е', KeyU: 'г', KeyR: 'к', KeyC: 'с' };

/** Somebody who works in the workspace. */
export class Operator extends Person {
  constructor(opened, server, login) {
    super(opened, login);
    this.server = server;
    const { page } = this;
    // Who listens from the beginning misses no chooser: to begin takes a moment.
    page.on('filechooser', () => {});
    this.list = page.getByRole('navigation', { name: 'Мои обращения' });
    this.field = page.getByRole('textbox', { name: 'Текст сообщения' });
    this.thread = page.getByRole('region', { name: 'Сообщения' });
    this.dialog = page.getByRole('dialog');
  }

  row(name) {
    return this.list.getByRole('link').filter({ hasText: name });
  }

  bubble(text) {
    return this.thread.getByRole('article').filter({ hasText: text });
  }

  /** enterWork signs in and goes online. */
  async enterWork() {
    await this.signIn();
    await this.page.getByRole('button', { name: 'В сети', exact: true }).click();
    await this.page.getByRole('button', { name: /Статус: В сети/ }).waitFor();
  }

  async signIn(path = '/') {
    const { page } = this;
    // Who is not signed in is told so by 401, which a browser writes on its console.
    await this.quietly(async () => {
      await page.goto(this.server.url + path);
      await page.getByLabel('Логин').waitFor();
    });
    await this.passTheDoor();
  }

  async passTheDoor() {
    const { page } = this;
    await page.getByLabel('Логин').fill(this.who);
    await page.getByLabel('Пароль', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByRole('button', { name: /Статус:/ }).waitFor();
  }

  async open(name) {
    await this.row(name).click();
    await this.page.getByRole('heading', { level: 2, name }).waitFor();
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press('Control+Enter');
  }

  /** said lists the texts of the thread's bubbles as they stand. */
  async said() {
    return this.thread.getByRole('article').locator('p').allTextContents();
  }
}

/** Somebody who writes in the shop's widget. */
export class Customer extends Person {
  constructor(opened, shop, name) {
    super(opened, name);
    this.shop = shop;
    this.dialog = this.page.getByRole('dialog', { name: 'Чат с поддержкой' });
    this.field = this.dialog.getByRole('textbox', { name: 'Сообщение' });
  }

  bubble(text) {
    return this.dialog.getByRole('listitem').filter({ hasText: text });
  }

  async come(page = this.page) {
    await page.goto(`${this.shop.url}#${encodeURIComponent(this.who)}`);
    await page.getByRole('button', { name: /Открыть чат/ }).click();
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  async attach(...files) {
    await this.dialog.locator('input[type=file]').setInputFiles(files);
    await this.dialog.getByRole('button', { name: 'Отправить' }).click();
  }
}

export const dot = {
  name: 'точка.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNkYPj/n4GBgYFxVCEAKIAC/0NQ1cYAAAAASUVORK5CYII=', 'base64'),
};
export const bill = { name: 'счёт.txt', mimeType: 'text/plain', buffer: Buffer.from('Счёт на оплату: 1 200 ₽') };
