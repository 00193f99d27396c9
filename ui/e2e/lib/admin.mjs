// Somebody who sets things up, and the world that they do it in: a server with a
// center in it, and a browser. When the case is over, a complaint fails it.
import { person, startBrowser } from './browser.mjs';
import { password, startServer } from './server.mjs';
import { expect } from './test.mjs';

/**
 * office plays a case: run is given the administrator, the server and the browser.
 * Looks are those of the page, args the server's.
 */
export async function office({ args, Kind = Admin, ...looks }, run) {
  const [server, browser] = await Promise.all([startServer({ args }), startBrowser()]);
  try {
    await server.setUp();
    await server.furnish();
    const admin = new Kind(await person(browser, looks), server);
    await run(admin, server, browser);
    expect(admin.complaints.length === 0, admin.complaints.join('\n'));
  } finally {
    await browser.close();
    await server.stop();
  }
}

export class Admin {
  constructor(opened, server) {
    Object.assign(this, opened, { server });
    this.dialog = this.page.getByRole('dialog');
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(name, exact = true) {
    return this.page.getByRole('textbox', { name, exact });
  }

  /** come goes to a page, and passes the door before it. */
  async come(path) {
    const { page } = this;
    this.forgive(true); // before there is a session, the question who is signed in is refused
    await page.goto(this.server.url + path);
    await this.field('Логин').fill('admin');
    await this.field('Пароль').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).waitFor();
    this.forgive(false);
  }

  /** tab goes to a part of the page. */
  async tab(name) {
    const main = this.page.getByRole('main');
    await main.getByRole('link', { name, exact: true }).first().click();
    await main.locator('[aria-current=page]').filter({ hasText: name }).waitFor();
  }

  /** reach goes to an element by the Tab key alone. */
  async reach(target) {
    await target.waitFor({ state: 'attached' }); // a radio button lies hidden below what is drawn of it
    for (let n = 0; n < 150; n++) {
      if (await target.evaluate((e) => e === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target}`);
  }
}
