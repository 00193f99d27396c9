// The wall while people are at work: recorded dialogs are played against the
// server, and every change comes into the page; at the end it tells what the server
// does. And what nobody understands is looked at there, read once more, and let go.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { seen, shot } from './lib/browser.mjs';
import { binaryOf, password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const seconds = 20;
/** Of the main thread's time, in parts of one core. It is CPU time, so a busy machine does not fail it. */
const most = 0.5;

const counters = async (page) => (await page.getByRole('list', { name: 'Сводка' }).getByRole('button').allInnerTexts()).map((text) => Number(/^[\d\s]+/.exec(text)[0].replace(/\s/g, '')));

// proves MN-01, MN-08
test('wall: recorded dialogs are played, and all of it is seen', () => world(async ({ server, operator: join }) => {
  const boss = await join('admin');
  const { page } = boss;
  let frames = 0;
  page.on('websocket', (socket) => {
    if (socket.url().endsWith('/wall')) socket.on('framereceived', () => { frames++; });
  });
  await boss.signIn('/monitoring');
  await page.getByText('Никто не ждёт').waitFor();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value;
  const [before, began, first] = [await spent(), Date.now(), frames];
  const replay = promisify(execFile)(binaryOf(), ['replay', '--to', server.url, '--login', 'admin', '--password', password, '--rate', '8', '--customers', '60', '--operators', '8',
    '--duration', `${seconds}s`], { env: process.env });
  let [seen, last, ended, pictured] = [0, 0, false, false];
  const played = replay.finally(() => { ended = true; });
  while (!ended) {
    const [, online, served] = await counters(page);
    seen = Math.max(seen, served);
    last = Math.max(last, online);
    if (!pictured && served >= 20) {
      pictured = true;
      await shot(page, 'wall-live');
    }
    await page.evaluate(() => new Promise((done) => { setTimeout(done, 500); }));
  }
  await played;
  const long = (Date.now() - began) / 1000;
  const part = (await spent() - before) / long;
  console.log(`      ${frames - first} frames in ${long.toFixed(0)} s, at most ${seen} conversations with ${last} operators, ${(part * 100).toFixed(1)} % of a core`);
  expect(last === 8 && seen >= 10, `at most ${seen} conversations with ${last} operators were seen`);
  expect(frames - first >= seconds, `${frames - first} frames came in ${long} s`);
  expect(part < most, `the page takes ${(part * 100).toFixed(0)} % of a core`);
  for (let n = 0; ; n++) {
    const { counters: told, operators } = await server.call('GET', '/api/v1/monitoring');
    const want = [told.waiting, told.operators_online, operators.reduce((sum, o) => sum + o.held.length, 0), told.automatic, told.errors];
    const shown = await counters(page);
    if (shown.join() === want.join()) break;
    expect(n < 40, `the wall shows ${shown}, the server tells ${want}`);
    await page.evaluate(() => new Promise((done) => { setTimeout(done, 250); }));
  }
}));

// proves MN-09
test('wall: what nobody understands is looked at, read again, and discarded', () => world(async ({ server, operator: join }) => {
  const token = 'a-token-of-viber';
  await server.call('PUT', '/api/v1/accounts/purple', { kind: 'viber', name: 'Viber магазина', center_id: 'main', routing: { line_id: 'help' }, settings: {}, secrets: { token } });
  const update = JSON.stringify({ event: 'message', timestamp: Date.now(), hologram: 'something new' });
  const signature = createHmac('sha256', token).update(update).digest('hex');
  for (let n = 0; ; n++) {
    const r = await fetch(`${server.url}/webhooks/viber/purple`, { method: 'POST', body: update, headers: { 'Content-Type': 'application/json', 'X-Viber-Content-Signature': signature } });
    if (r.ok) break;
    expect(n < 50, `the update is answered ${r.status} ${await r.text()}`);
    await new Promise((done) => { setTimeout(done, 200); });
  }
  const boss = await join('admin');
  const { page } = boss;
  await boss.signIn('/monitoring');
  await boss.enter(page.getByRole('button', { name: /^1.*Ошибки обработки$/s }));
  const row = page.getByRole('group', { name: /^Viber магазина/ });
  await row.getByText('Неизвестный вид события: message').waitFor();
  await seen(page, 'wall-strange');
  const [download] = await Promise.all([page.waitForEvent('download'), row.getByRole('link').click()]);
  expect(readFileSync(await download.path(), 'utf8') === update, 'the update is not what came');
  await boss.quietly(async () => {
    await boss.enter(row.getByRole('button', { name: /^Обработать снова/ }));
    await page.getByRole('alert').getByText('Неизвестный вид события: message').waitFor();
  });
  expect((await server.call('GET', '/api/v1/errors')).items.length === 1, 'what is not understood yet is gone');
  await seen(page, 'wall-strange-again');
  await boss.enter(row.getByRole('button', { name: /^Отбросить/ }));
  const dialog = page.getByRole('dialog', { name: 'Отбросить сообщение?' });
  await dialog.waitFor();
  await seen(page, 'wall-strange-discarded');
  await boss.enter(dialog.getByRole('button', { name: 'Отбросить' }));
  await row.waitFor({ state: 'detached' });
  const { items } = await server.call('GET', '/api/v1/errors');
  expect(items.length === 0, `the server keeps ${JSON.stringify(items)}`);
}));
