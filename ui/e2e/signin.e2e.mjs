// A person adds a passkey and a program for codes, signs in with each, and must
// have one where the role says so.
import { noViolations, person, seen, startBrowser } from './lib/browser.mjs';
import { codeOf } from './lib/codes.mjs';
import { freePort, password, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

// proves SECURITY 6.3.3, 6.5
test('sign-in: passkey, codes and a role that needs them', async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const server = await startServer({ listen: `127.0.0.1:${port}`, args: ['--public-url', url] });
  const browser = await startBrowser();
  try {
    await server.setUp();
    await server.furnish();
    await server.call('PUT', '/api/v1/settings/default', { second_factor_roles: ['view_helpdesk'] });
    const { page, context, complaints, forgive } = await person(browser);
    forgive(true); // who is not signed in is told so with 401
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await page.goto(`${url}/signin`);
    await noViolations(page, 'the sign-in');
    const signIn = async () => {
      await page.getByLabel('Логин').fill('olga');
      await page.getByLabel('Пароль', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
    };
    await signIn();
    await page.getByRole('heading', { name: 'Нужен второй фактор' }).waitFor();
    await seen(page, 'signin-enrol');
    await page.getByRole('button', { name: 'Добавить приложение' }).click();
    const secret = await page.getByLabel('Секрет').inputValue();
    await seen(page, 'signin-totp');
    await page.getByLabel('Код из приложения').fill(codeOf(secret));
    await page.keyboard.press('Enter');
    const recovery = await page.getByRole('dialog').locator('code').first().innerText();
    await noViolations(page, 'the recovery codes');
    await page.getByRole('button', { name: 'Я записал коды' }).click();
    await page.getByRole('button', { name: 'Начать работу' }).click();
    await page.goto(`${url}/profile`);
    await page.getByRole('button', { name: 'Добавить ключ доступа' }).click();
    await page.getByText('Ключ на этом устройстве').waitFor();
    await page.getByRole('region', { name: 'Сеансы' }).getByText('Этот сеанс').waitFor();
    await seen(page, 'signin-profile');

    await context.clearCookies();
    await page.goto(`${url}/signin`);
    await signIn();
    await page.getByRole('heading', { name: 'Подтвердите вход' }).waitFor();
    await seen(page, 'signin-second');
    const code = page.getByLabel('Код из приложения');
    await code.fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('Код неверный или уже использован').waitFor();
    await code.fill(recovery);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Меню пользователя/ }).waitFor();

    await context.clearCookies();
    await page.goto(`${url}/signin`);
    await page.getByRole('button', { name: 'Войти ключом доступа' }).click();
    await page.getByRole('button', { name: /Меню пользователя/ }).waitFor();
    expect(complaints.length === 0, complaints.join('\n'));
  } finally {
    await browser.close();
    await server.stop();
  }
});
