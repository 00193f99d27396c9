// How fast the workspace is in the browser, in CPU time of its main thread, so
// that a busy machine does not matter: node e2e/budget.mjs [DIALOGS] [MESSAGES].
// Then how soon an operator sees what a customer has written, over the clock.
import { person, startBrowser } from './lib/browser.mjs';
import { crowd } from './lib/crowd.mjs';
import { startServer } from './lib/server.mjs';
import { host } from './lib/site.mjs';
import { Customer, Operator } from './lib/world.mjs';

// An operator keeps no more than a hundred.
const [dialogs = 100, messages = 5000] = process.argv.slice(2).map(Number);
const bubbles = 200;
let over = 0;

function tell(what, is, atMost, unit) {
  over += is > atMost;
  console.log(`${is > atMost ? 'OVER' : 'ok  '} ${is.toFixed(1).padStart(7)} ${unit} of ${atMost}  ${what}`);
}

const server = await startServer();
const browser = await startBrowser();
const shop = await host(server.url);
try {
  await server.setUp();
  await server.furnish();
  await fill();
  const olga = new Operator(await person(browser), server, 'olga');
  const { page } = olga;
  await olga.enterWork();
  await page.waitForFunction((n) => Number(document.querySelector('nav [aria-setsize]')?.getAttribute('aria-setsize')) === n, dialogs, { timeout: 120_000 });
  const metrics = await meter(page);

  const rows = olga.list.getByRole('link');
  await rows.first().click();
  await olga.field.waitFor();
  await quiet(page);
  const seconds = 10;
  tell('timers, each second', (await metrics(() => wait(page, seconds * 1000))).cpu / seconds, 20, 'ms');

  const text = 'Здравствуйте! Проверяю ваш заказ. '.repeat(3);
  await olga.field.focus();
  tell('a keystroke', (await metrics(() => page.keyboard.type(text))).cpu / text.length, 10, 'ms');
  await olga.field.fill('');

  const switches = 10;
  tell('another dialog', (await metrics(async () => {
    for (let n = 0; n < switches; n++) {
      const before = await page.evaluate(() => document.querySelector('main header h2').textContent);
      await page.keyboard.press('Alt+ArrowDown');
      await page.waitForFunction((name) => document.querySelector('main header h2').textContent !== name && document.querySelector('article'), before);
      await quiet(page);
    }
  })).cpu / switches, 100, 'ms');
  tell('JavaScript heap', (await metrics(() => {})).heap / 1024 / 1024, 40, 'MB');
  await slices();
  await latency();
} finally {
  shop.close();
  await browser.close();
  await server.stop();
}
process.exit(over > 0 ? 1 : 0);

/** Many customers wait, of whom one operator can keep all. */
async function fill() {
  const put = (path, body) => server.call('PUT', `/api/v1/${path}`, body);
  const { revision, ...old } = await server.call('GET', '/api/v1/users/olga');
  const { login, first_name, last_name, roles, center_ids, line_ids, languages, skills } = old;
  await put('users/olga', { login, first_name, last_name, roles, center_ids, line_ids, languages, skills, capacity: dialogs, revision });
  const says = await crowd(server, { name: 'Толпа' });
  const each = Math.ceil(messages / dialogs);
  const one = async (n) => {
    for (let m = 0; m < each; m++) await says(`c${n}`, `Клиент ${n}`, `Сообщение ${m}: где мой заказ номер ${n}?`);
  };
  const all = Array.from({ length: dialogs }, (_, n) => n);
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let n = all.pop(); n !== undefined; n = all.pop()) await one(n);
  }));
}

/** From a press on a row of the statistics until all figures and charts show the slice. */
async function slices() {
  const some = (n) => Array.from({ length: n }, (_, i) => ({ value: `v${i}`, name: `Значение ${i}`, total: 900 - i, automatic: 300, by_operators: 500 - i, unserved: 100 }));
  const anna = new Operator(await person(browser), server, 'admin');
  const { page } = anna;
  const definitions = await server.call('GET', '/api/v1/statistics/definitions');
  let asked = 0;
  await page.route(/\/api\/v1\/statistics\?/, (route) => {
    asked++;
    const bars = (n) => some(n).map((b) => ({ ...b, total: b.total + asked, by_operators: b.by_operators + asked }));
    const begins = (i) => new Date(Date.UTC(2026, 0, 1, i)).toISOString();
    const time = bars(672).map((b, i) => ({ ...b, value: '', begins: begins(i), ends: begins(i + 1) }));
    const each = definitions.items.map(({ id, average }) => ({ id, value: 100 + asked, count: 1000, ...(average ? { p50: 90 + asked, p90: 200 + asked } : {}) }));
    const charts = { time, kinds: bars(6), accounts: bars(12), topics: bars(40), lines: bars(12), languages: bars(3), ratings: bars(6), handlings: bars(3) };
    return route.fulfill({ json: { from: begins(0), to: begins(672), figures: each, charts } });
  });
  await anna.signIn('/statistics');
  const rows = page.getByRole('table', { name: 'Группы' }).getByRole('button');
  await rows.first().waitFor();
  await page.getByRole('img', { name: /^Каналы/ }).locator('path').first().waitFor();
  await quiet(page);
  const metrics = await meter(page);
  const presses = 10;
  tell('another slice of the statistics', (await metrics(async () => {
    for (let n = 0; n < presses; n++) {
      const before = await page.evaluate(() => document.querySelector('[data-figure=total]').innerText);
      await rows.nth(n % 5).evaluate((b) => b.click());
      await page.waitForFunction((was) => document.querySelector('[data-figure=total]').innerText !== was, before);
      await quiet(page);
    }
  })).cpu / presses, 150, 'ms');
  await page.context().close();
}

/** From the page's clock in the widget to the bubble in the workspace: one machine, one clock. */
async function latency() {
  const petr = new Operator(await person(browser), server, 'petr');
  await petr.enterWork();
  const anna = new Customer(await person(browser), shop, 'Анна');
  await anna.come();
  await anna.write('Начало');
  await petr.open('Анна');
  await petr.page.evaluate(() => {
    globalThis.seenAt = {};
    new MutationObserver(() => {
      for (const p of document.querySelectorAll('article p')) globalThis.seenAt[p.textContent] ??= Date.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const took = [];
  for (let n = 0; n < bubbles; n++) {
    const text = `Замер ${n}`;
    await anna.field.fill(text);
    await anna.field.evaluate((f) => {
      f.addEventListener('keydown', () => { globalThis.sentAt = Date.now(); }, { once: true, capture: true });
    });
    await anna.field.press('Enter');
    const seen = await petr.page.waitForFunction((t) => globalThis.seenAt[t], text).then((h) => h.jsonValue());
    took.push(seen - (await anna.page.evaluate(() => globalThis.sentAt)));
  }
  took.sort((a, b) => a - b);
  console.log(`     widget to bubble: p50 ${took[Math.floor(bubbles * 0.5)]} ms, p90 ${took[Math.floor(bubbles * 0.9)]} ms`);
  tell('widget to bubble, p99', took[Math.ceil(bubbles * 0.99) - 1], 100, 'ms');
}

async function meter(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  return async (act) => {
    await cdp.send('HeapProfiler.collectGarbage');
    const before = await read();
    await act();
    const after = await read();
    return { cpu: (after.TaskDuration - before.TaskDuration) * 1000, heap: after.JSHeapUsedSize };
  };
}

/** Until the browser has nothing to do for a moment. */
function quiet(page) {
  return page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
}

function wait(page, ms) {
  return page.evaluate((n) => new Promise((done) => setTimeout(done, n)), ms);
}
