// An administrator looks at what the next night removes, tries a rule before it
// is saved, and reads the certificate of a night; by the keyboard alone, over a
// year of conversations that ended.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from './lib/admin.mjs';
import { person, seen, shot, startBrowser } from './lib/browser.mjs';
import { binaryOf, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

// proves HS-05
test('retention: planned, tried, done and certified', async () => {
  const data = mkdtempSync(join(tmpdir(), 'crafttalkd-year-'));
  const run = (...args) => execFileSync(binaryOf(), [...args, '--data', data]);
  run('generate', '--conversations', '300');
  const [server, browser] = await Promise.all([startServer({ data, first: true }), startBrowser()]);
  try {
    await server.setUp();
    await counted(server);
    const admin = new Admin(await person(browser), server);
    await forgets(admin, () => run('forget'));
    expect(admin.complaints.length === 0, admin.complaints.join('\n'));
  } finally {
    await browser.close();
    await server.stop();
  }
});

async function forgets(admin, forget) {
  const { page } = admin;
  await admin.come('/settings/retention');
  await page.getByText('Срок хранения не задан').waitFor();
  await page.getByText('Ещё ничего не удалялось').waitFor();
  await seen(page, 'retention-none');
  await admin.reach(page.getByRole('link', { name: 'Задать срок' }));
  await page.keyboard.press('Enter');

  // A rule is tried, then saved.
  const days = page.getByRole('textbox', { name: 'Хранить тексты обращений' });
  await days.waitFor();
  await admin.reach(days);
  await page.keyboard.type('100');
  const tried = page.getByRole('region', { name: 'Что будет удалено' });
  await admin.reach(tried.getByRole('button'));
  await page.keyboard.press('Enter');
  await tried.getByText(/^С этим сроком ближайшей ночью/).waitFor();
  const removed = await tried.getByRole('table').locator('tbody tr').first().evaluate((row) => row.cells[2].innerText);
  expect(/^[1-9]/.test(removed), `the rule would remove ${removed}`);
  await seen(page, 'retention-tried');
  await admin.reach(admin.button('Сохранить'));
  await page.keyboard.press('Enter');
  await page.getByText('Настройки сохранены.').waitFor();

  // The next night goes by it, and what was forgotten is certified.
  await page.getByRole('main').getByRole('link', { name: 'Удаление по сроку' }).focus();
  await page.keyboard.press('Enter');
  const next = page.getByRole('region', { name: 'Ближайшая ночь' });
  await next.getByRole('row', { name: /100 дней/ }).waitFor();
  forget();
  await page.reload();
  const nights = page.getByRole('region', { name: 'Прошедшие ночи' });
  await admin.reach(nights.getByRole('button', { name: /^Справка за/ }).first());
  await page.keyboard.press('Enter');
  const certificate = nights.getByRole('region', { name: 'Справка об удалении' });
  await certificate.getByRole('table').waitFor();
  await seen(page, 'retention-night');
  await page.setViewportSize({ width: 1024, height: 768 });
  await shot(page, 'retention-narrow');
  expect((await page.evaluate(() => document.documentElement.scrollWidth)) <= 1024, 'the page is wider than the window');
  const [download] = await Promise.all([page.waitForEvent('download'), admin.reach(certificate.getByRole('link', { name: 'Скачать справку' })).then(() => page.keyboard.press('Enter'))]);
  const kept = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(kept.conversations > 0 && kept.centers.length === 1 && kept.centers[0].days === 100, `the file says ${JSON.stringify(kept)}`);
}

/** A server that has just begun reads what there is before it can tell what is due. */
async function counted(server) {
  for (let n = 0; ; n++) {
    const refused = await server.call('GET', '/api/v1/retention/plan').then(() => undefined, (err) => err);
    if (!refused) return;
    expect(n < 600 && / 503 /.test(refused.message), refused.message);
    await new Promise((done) => { setTimeout(done, 200); });
  }
}
