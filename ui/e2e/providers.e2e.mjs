// An administrator enters a provider of sign-ins, tries it and is told what is wrong with
// it; takes a lost telephone of somebody's away, which the log of acts tells, and withdraws
// a link. In light and in dark, and axe looks at it all.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Admin, office } from './lib/admin.mjs';
import { noViolations, person, seen } from './lib/browser.mjs';
import { codeOf } from './lib/codes.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

/** A provider that says of itself what it is told to. */
async function identity() {
  let calls = '';
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'application/json');
    answer.end(JSON.stringify({
      issuer: calls, authorization_endpoint: `${calls}/authorize`, token_endpoint: `${calls}/token`, jwks_uri: `${calls}/keys`, id_token_signing_alg_values_supported: ['RS256'],
    }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, callItself: (name) => (calls = name), close: () => server.close() };
}

test('providers: entered and tried, a factor and a link taken back', async () => {
  const provider = await identity();
  try {
    await office({ Kind: Admin, args: ['--allow', '127.0.0.1', '--public-url', 'https://chat.example'] }, async (admin, server, browser) => {
      await enters(admin, provider);
      await takesAway(admin, server, browser);
    });
  } finally {
    provider.close();
  }
});

async function enters(admin, provider) {
  const { page } = admin;
  await admin.come('/users');
  await admin.tab('Вход через провайдера');
  await page.getByText('Провайдеров пока нет').waitFor();
  await admin.reach(page.getByRole('link', { name: 'Добавить провайдера' }));
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Добавить провайдера' });
  expect(await form.getByRole('textbox', { name: 'Адрес возврата (redirect URI)' }).inputValue() === 'https://chat.example/signin/return', 'another address to come back to');
  await form.getByRole('textbox', { name: 'Название на кнопке' }).fill('Компания');
  await form.getByRole('textbox', { name: 'Адрес провайдера (issuer)' }).fill(provider.url);
  await form.getByRole('textbox', { name: 'Идентификатор клиента (client id)' }).fill('crafttalk');
  await form.getByLabel('Секрет клиента').fill('between us');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  const kept = page.getByRole('dialog', { name: 'Компания' });
  await kept.getByText('Секрет задан. Пусто: останется прежним').waitFor();
  expect(await kept.getByLabel('Новый секрет клиента').inputValue() === '', 'a secret is shown');
  provider.callItself(`${provider.url}/`);
  await kept.getByRole('button', { name: 'Проверить' }).click();
  await kept.getByText(/а провайдер называет себя/).waitFor();
  await seen(page, 'provider-wrong');
  provider.callItself(provider.url);
  await kept.getByRole('button', { name: 'Проверить' }).click();
  await kept.getByText(/Провайдер отвечает/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Компания' }).waitFor();
  await seen(page, 'providers');
}

async function takesAway(admin, server, browser) {
  const { page } = admin;
  const olga = await person(browser);
  olga.forgive(true);
  await enrols(olga.page, server);
  await page.goto(`${server.url}/users/list/olga`);
  const form = page.getByRole('dialog', { name: /Иванова/ });
  await form.getByText('Телефон', { exact: true }).waitFor();
  await form.getByRole('button', { name: 'Сбросить пароль' }).click();
  await page.getByRole('textbox', { name: 'Ссылка' }).waitFor();
  await page.getByRole('button', { name: 'Готово' }).click();
  await form.getByText(/Ссылка для пароля выдана/).waitFor();
  await form.getByRole('region', { name: 'Чем подтверждает вход' }).scrollIntoViewIfNeeded();
  await seen(page, 'user-proofs');

  await form.getByRole('button', { name: 'Отозвать ссылку' }).click();
  await page.getByRole('dialog', { name: 'Отозвать ссылку?' }).getByRole('button', { name: 'Отозвать ссылку' }).click();
  await form.getByText(/Ссылка для пароля выдана/).waitFor({ state: 'detached' });

  await form.getByRole('button', { name: 'Снять: Телефон' }).click();
  await page.getByRole('dialog', { name: 'Снять «Телефон»?' }).getByRole('button', { name: 'Снять' }).click();
  await form.getByText('Второго фактора нет: входит только по паролю.').waitFor();
  await olga.page.getByLabel('Логин').waitFor(); // signed out

  await form.getByRole('link', { name: 'Что меняли в нём' }).click();
  const taken = page.getByRole('row').filter({ hasText: 'Удаление: второй фактор' });
  await taken.getByRole('link', { name: 'olga' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'Приглашение отозвано' }).waitFor();
  await noViolations(page, 'what was done to a user');
  await taken.getByRole('link', { name: 'olga' }).click();
  await form.waitFor();
}

/** enrols adds a program for codes to who has just signed in. */
async function enrols(page, server) {
  await page.goto(`${server.url}/profile`);
  await page.getByLabel('Логин').fill('olga');
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Добавить приложение' }).click();
  const secret = await page.getByLabel('Секрет', { exact: true }).inputValue();
  await page.getByLabel('Код из приложения').fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Я записал коды' }).click();
}
