// «Журнал действий»: what an administrator did is there, with what it changed; the
// address brings the same view back; everything is reached by the keyboard.
import { seen } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const widths = [1440, 1024];

for (const width of widths) {
  test(`the log of acts, ${width} wide`, () =>
    world(async ({ server, operator }) => {
      await server.call('PUT', '/api/v1/users/vera', {
        login: 'vera', password: 'правильная лошадь 42', first_name: 'Вера', last_name: 'Старшая', roles: ['login', 'admin', 'view_users'], capacity: 3,
      });
      for (const name of ['Возвраты', 'Возвраты и обмен']) {
        const old = await server.call('GET', '/api/v1/skills/refund').catch(() => ({}));
        await server.call('PUT', '/api/v1/skills/refund', { name, ...(old.revision ? { revision: old.revision } : {}) });
      }
      const vera = await operator('vera', { viewport: { width, height: 800 } });
      const { page } = vera;
      await vera.signIn('/audit');
      await page.getByRole('heading', { name: 'Журнал действий' }).waitFor();
      const table = page.getByRole('table', { name: 'Журнал действий' });
      await table.getByText('Вход', { exact: true }).first().waitFor();
      await seen(page, `audit-${width}`);
      const row = table.getByRole('row').filter({ hasText: 'Изменение: навык' }).first();
      await vera.reach(row.getByRole('button'));
      await page.keyboard.press('Enter');
      await page.getByText('Возвраты и обмен').waitFor();
      await seen(page, `audit-open-${width}`);
      await page.getByLabel('Объект').fill('refund');
      await page.waitForURL(/object=refund/);
      await page.reload();
      await table.getByText('Изменение: навык').nth(1).waitFor();
      expect((await table.getByText('Вход', { exact: true }).count()) === 0, 'what is filtered out is shown');
      await page.getByRole('button', { name: 'Сбросить' }).click();
      await table.getByText('Вход', { exact: true }).first().waitFor();
    }));
}
