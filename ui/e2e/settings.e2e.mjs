// An administrator says what holds for everybody and for one center, and an
// operator's workplace goes by it.
import { noViolations, person, shot, startBrowser } from './lib/browser.mjs';
import { password, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

for (const scheme of ['light', 'dark']) {
  // proves OP-12, OP-15
  test(`settings: of everybody and of a center, ${scheme}`, async () => {
    const [server, browser] = await Promise.all([startServer(), startBrowser()]);
    try {
      await server.setUp();
      await server.furnish();
      await changed(server, await person(browser, { scheme }), scheme);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}

async function changed(server, admin, scheme) {
  const { page } = admin;
  admin.forgive(true); // before there is a session, the question who is signed in is refused
  await page.goto(`${server.url}/settings`);
  await page.getByRole('textbox', { name: 'Логин' }).fill('admin');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
  await page.keyboard.press('Enter');
  const option = (name) => page.getByRole('switch', { name });
  await option('Проверять орфографию').waitFor();
  admin.forgive(false);
  await page.getByText('По умолчанию').first().waitFor();
  await option('Заглавная буква в начале предложения').press('Space');
  await page.getByText('Задано для всей организации').waitFor();
  await shot(page, `settings-${scheme}`);
  await noViolations(page, 'the settings');

  await page.getByRole('combobox', { name: 'Для кого' }).click();
  await page.getByRole('option').nth(1).click();
  await page.getByText('Как у всей организации').first().waitFor();
  expect(await option('Заглавная буква в начале предложения').isChecked(), 'a center does not follow the organisation');
  await option('Проверять орфографию').press('Space');
  await page.getByText('Сначала включите проверку орфографии').waitFor();
  await page.setViewportSize({ width: 1024, height: 768 });
  await shot(page, `settings-center-${scheme}`);
  await noViolations(page, 'the settings of a center');
  const held = async () => (await server.call('GET', '/api/v1/settings/main')).in_force;
  expect((await held()).spell_check === false && (await held()).auto_capital === true, `what holds is ${JSON.stringify(await held())}`);
  const after = await held();
  await page.getByRole('button', { name: 'Вернуть: Проверять орфографию' }).click();
  await page.getByText('Задано для этого колл-центра').waitFor({ state: 'detached' });
  expect((await held()).spell_check === true && after.spell_check === false, 'what was said is not taken back');
}
