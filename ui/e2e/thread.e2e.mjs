// A long thread in a real browser, where rows have heights: it opens at its end,
// is read upwards without a jump, and stays in place when something comes. What was
// under way for long tells when it was written.
import { seen } from './lib/browser.mjs';
import { crowd } from './lib/crowd.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

test('thread: a long one opens at its end and never jumps', () => world(async ({ server, operator }) => {
  const says = await crowd(server, { name: 'Толпа' });
  const write = (n) => says('zoya', 'Зоя', `Строка ${n}.`);
  for (let n = 1; n <= 150; n++) await write(n);
  const olga = await operator('olga');
  await olga.enterWork();
  await olga.open('Зоя');
  const { page } = olga;
  await olga.bubble('Строка 150.').waitFor();
  const box = page.getByRole('group', { name: 'Сообщения' });
  const inSight = (text) => page.waitForFunction((t) => {
    const e = [...document.querySelectorAll('article')].find((a) => a.textContent.includes(t));
    const around = document.querySelector('[role="group"][aria-label="Сообщения"]').getBoundingClientRect();
    const its = e?.getBoundingClientRect();
    return its && its.top >= around.top - 1 && its.bottom <= around.bottom + 1;
  }, text);
  await inSight('Строка 150.');
  expect((await olga.thread.getByRole('article').count()) < 60, 'too much is drawn at once');

  // Up to the very first, as far as Home leads each time.
  await box.focus();
  for (let n = 0; n < 20 && (await olga.bubble('Строка 1.').count()) === 0; n++) {
    const before = await olga.thread.getByRole('article').count();
    await page.keyboard.press('Home');
    await page.waitForFunction((was) => document.querySelectorAll('article').length > was, before);
  }
  await page.keyboard.press('Home');
  await inSight('Строка 1.');

  // What comes now moves nothing, and is offered.
  const top = () => olga.bubble('Строка 5.').evaluate((e) => e.getBoundingClientRect().top);
  const before = await top();
  await write(151);
  await page.getByRole('button', { name: '1 новое' }).waitFor();
  expect(Math.abs((await top()) - before) < 2, `the thread moved from ${before} to ${await top()}`);
  await page.getByRole('button', { name: '1 новое' }).click();
  await inSight('Строка 151.');
  await olga.write('Отвечаю');
  await inSight('Отвечаю');
}));

// proves G4
test('thread: what came late tells when it was written', () => world(async ({ server, operator }) => {
  const says = await crowd(server);
  await says('zoya', 'Зоя', 'Где мой заказ?', { sent_at: new Date(Date.now() - 3 * 3_600_000).toISOString() });
  await says('zoya', 'Зоя', 'Вы тут?', { sent_at: new Date().toISOString() });
  const olga = await operator('olga');
  await olga.enterWork();
  await olga.open('Зоя');
  await olga.bubble('Где мой заказ?').getByText(/Пришло с опозданием, написано .+, \d\d:\d\d/).waitFor();
  expect((await olga.bubble('Вы тут?').getByText('с опозданием').count()) === 0, 'what has just been written came late');
  await seen(olga.page, 'thread-late');
}));
