// A thousand operators and ten thousand conversations are on the wall, and
// something changes four times a second: the page stays quick. The socket is the
// test's own, the page and all else are real.
import { noViolations, shot } from './lib/browser.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const operators = 1000;
const conversations = 10_000;
const rounds = 20;
/** Of the main thread's time, in parts of one core. It is CPU time, so a busy machine does not fail it. */
const most = 0.5;

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const names = ['Анна', 'Борис', 'Вера', 'Глеб', 'Дарья', 'Егор', 'Жанна', 'Захар'];

const operator = (i) => ({
  operator_id: `o${i}`, first_name: names[i % names.length], last_name: `Смирнов ${i}`, presence: i % 7 === 0 ? 'LUNCH' : 'ONLINE', since: ago(600 + i), connected: i % 50 !== 3,
  capacity: 10, held: 8, line_ids: [i % 2 ? 'help' : 'orders'],
});
const conversation = (i, change = {}) => ({
  conversation_id: `c${i}.1`, customer_name: `${names[i % names.length]} ${i}`, customer_id: `c${i}`, account_id: 'site', kind: 'widget', center_id: 'main', routing: { line_id: 'help' },
  since: ago(30 + (i % 600)), ...(i % 5 === 0 ? { phase: 'waiting', keeper_id: 'help' } : { phase: 'served', keeper_id: `o${i % operators}` }), ...change,
});
const failure = (i) => ({ error_id: `e${i}`, at: ago(i * 60), account_id: 'site', reason: 'the store is full', size: 512 });
const alert = (kind, subject_id, value, bound) => ({ alert_id: `${kind}/main/${subject_id}`, kind, center_id: 'main', subject_id, since: ago(60), value, bound });
const several = (n, make) => Array.from({ length: n }, (_, i) => make(i));

const counters = { waiting: 2000, operators_online: 843, served: 8000, failures: 3 };

/** serve answers as the wall does: everything in parts, and then changes when they are asked for. */
async function serve(page) {
  let told;
  const socket = new Promise((resolve) => {
    told = resolve;
  });
  await page.routeWebSocket(/\/api\/v1\/wall$/, (ws) => {
    const say = (frame) => ws.send(JSON.stringify(frame));
    ws.onMessage((text) => {
      const asked = JSON.parse(text);
      if (!asked.hello) return say({ answer: { id: asked.id } });
      say({ welcome: { now: ago(0), user_id: 'vera', version: 'test' } });
      say({ answer: { id: asked.id } });
      for (let i = 0; i < conversations; i += 250) say({ wall: { full: i === 0, more: true, at: ago(0), conversations: several(250, (n) => conversation(i + n)) } });
      say({
        wall: {
          at: ago(0), counters, operators: several(operators, operator), failures: several(3, failure),
          alerts: [alert('queue', 'help', 2000, 50), alert('waiting', 'help', 630, 300), alert('unanswered', 'o1', 400, 300)],
        },
      });
      told(say);
    });
  });
  return socket;
}

test('wall: ten thousand conversations', () => world(async ({ server, operator: join }) => {
  await server.call('PUT', '/api/v1/users/vera', {
    login: 'vera', password, first_name: 'Вера', last_name: 'Старшая', roles: ['login', 'view_monitoring'], center_ids: ['main'], line_ids: [], languages: [], skills: [], capacity: 0,
  });
  const vera = await join('vera');
  const { page } = vera;
  const socket = serve(page);
  await vera.signIn('/monitoring');
  const say = await socket;
  await page.getByRole('link', { name: /Глеб/ }).first().waitFor();
  const drawn = await page.locator('[data-key]').count();
  expect(drawn < 60, `${drawn} rows are drawn`);
  await shot(page, 'wall-many');
  await noViolations(page, 'a full wall');

  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value;
  const [before, began] = [await spent(), Date.now()];
  for (let n = 0; n < rounds; n++) {
    say({ wall: { at: ago(0), counters: { ...counters, waiting: 1000 + n }, conversations: several(50, (i) => conversation((n * 50 + i) * 7 % conversations, { since: ago(0) })), operators: several(5, (i) => ({ ...operator(n * 5 + i), held: 9 })) } });
    await page.getByRole('button', { name: new RegExp(`^${(1000 + n).toLocaleString('ru').replace(/\s/, '\\s')}`) }).waitFor();
    const rest = began + (n + 1) * 250 - Date.now();
    if (rest > 0) await page.evaluate((ms) => new Promise((done) => { setTimeout(done, ms); }), rest);
  }
  const part = (await spent() - before) / ((Date.now() - began) / 1000);
  console.log(`      ${(part * 100).toFixed(1)} % of a core for ${operators} operators, ${conversations} conversations, 220 changes a second`);
  expect(part < most, `the page takes ${(part * 100).toFixed(0)} % of a core`);

  await page.getByRole('textbox', { name: 'Клиент или оператор' }).fill('Жанна 9998');
  await page.getByRole('link', { name: 'Жанна 9998' }).waitFor();
  await page.getByText('Ничего не подходит под отбор').first().waitFor();
  await page.getByRole('button', { name: 'Сбросить отбор' }).click();
  await page.getByRole('button', { name: /Ошибки обработки$/ }).click();
  await page.getByText('the store is full').first().waitFor();
  await shot(page, 'wall-failures');
  await page.getByRole('button', { name: 'И ещё 1 оповещение' }).click();
  await page.getByRole('button', { name: 'Как оповещать' }).click();
  await page.getByRole('switch', { name: 'Уведомления браузера' }).waitFor();
  await shot(page, 'wall-alerts');
  await noViolations(page, 'how alerts are told');
}));
