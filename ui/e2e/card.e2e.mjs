// The customer's form, where a message goes, and what is kept beside the words.
import { seen } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

/** talk is a world with an application, a telephone and a messenger, in which Ольга has Анна's conversation open. */
const talk = (run) => () => world(async (w) => {
  const account = (id, kind, name, settings, secrets) => w.server.call('PUT', `/api/v1/accounts/${id}`, {
    kind, name, center_id: 'main', routing: { line_id: 'help' }, settings, secrets,
  });
  const { key } = await account('shop', 'api', 'Приложение', { webhook_url: 'http://127.0.0.1:9/' });
  await account('calls', 'phone', 'АТС', { webhook: 'http://127.0.0.1:9/' });
  // Its links are made without asking Meta.
  await account('page', 'facebook', 'Наша страница', { page_id: '1000' }, { token: 'EAAG', app_secret: 'none' });
  const olga = await w.operator('olga');
  await olga.enterWork();
  const anna = await w.customer('Анна');
  await anna.come();
  await anna.write('Здравствуйте');
  await olga.open('Анна');
  await run({ ...w, olga, anna, key });
});

const tab = ({ page }, name) => page.getByRole('tab', { name, exact: true }).click();

// proves CT-03
test('card: two operators who change one form lose nothing', talk(async ({ olga, operator, server }) => {
  const petr = await operator('petr');
  await petr.enterWork();
  await petr.page.getByRole('searchbox', { name: 'Поиск клиента' }).fill('Анна');
  await petr.page.getByRole('button', { name: /Открыть анкету/ }).first().click();
  const theirs = petr.dialog.getByRole('textbox', { name: 'Фамилия' });
  await theirs.fill('Петрова');
  await tab(olga, 'Анкета клиента');
  const panel = olga.page.getByRole('tabpanel', { name: 'Анкета клиента' });
  await panel.getByRole('textbox', { name: 'Фамилия' }).fill('Смирнова');
  await petr.dialog.getByRole('button', { name: 'Сохранить анкету' }).click();
  await petr.page.getByText('Анкета сохранена').waitFor();
  await olga.quietly(async () => {
    await panel.getByRole('button', { name: 'Сохранить анкету' }).click();
    await panel.getByRole('alert').filter({ hasText: 'Петрова' }).waitFor();
  });
  expect((await panel.getByRole('textbox', { name: 'Фамилия' }).inputValue()) === 'Смирнова', 'what was typed is gone');
  await panel.getByRole('button', { name: 'Оставить моё' }).click();
  await panel.getByRole('button', { name: 'Сохранить анкету' }).click();
  await olga.page.getByText('Анкета сохранена').waitFor();
  const found = await server.call('GET', `/api/v1/customers?query=${encodeURIComponent('Смирнова')}`);
  expect(found.items[0]?.fields.lname === 'Смирнова', `the server has ${JSON.stringify(found.items)}`);
}));

// proves CT-07
test('card: two forms become one, with the conversations of both', talk(async ({ olga, anna, customer }) => {
  const { page } = olga;
  const boris = await customer('Борис');
  await boris.come();
  await boris.write('Это тоже я, Анна');
  await olga.row('Борис').waitFor();
  await tab(olga, 'Анкета клиента');
  await page.getByRole('button', { name: 'Объединить анкеты' }).click();
  await olga.dialog.getByRole('searchbox').fill('Борис');
  await olga.dialog.getByRole('list', { name: 'Найденные клиенты' }).getByRole('button').click();
  await olga.dialog.getByRole('table', { name: 'Сравните анкеты' }).waitFor();
  await olga.dialog.getByRole('button', { name: 'Объединить', exact: true }).click();
  await page.getByText('Анкеты объединены').waitFor();
  const channels = page.getByRole('region', { name: 'Каналы клиента' });
  await channels.getByRole('listitem').nth(1).waitFor();
  // What the other has said is in this conversation, and its own answers go on.
  await tab(olga, 'Обращение');
  await anna.write('Пишу дальше');
  await olga.bubble('Пишу дальше').waitFor();
  await olga.write('Вижу оба обращения');
  await anna.bubble('Вижу оба').waitFor();
}));

// proves OP-16
test('card: the channel is chosen for each message, and a telephone calls', talk(async ({ olga, anna, server, key }) => {
  const { page } = olga;
  // The same person in the application: after the two are one, there are two ways to write.
  const written = await fetch(`${server.url}/channel/v1/shop/messages`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify({ id: 'm1', order: 1, user: { id: 'a-1', name: 'Анна из приложения' }, text: 'Пишу из приложения' }),
  });
  expect(written.ok, `${written.status}`);
  await olga.row('Анна из приложения').waitFor();
  const { items } = await server.call('GET', `/api/v1/customers?query=${encodeURIComponent('Анна')}`);
  const of = (name) => items.find((each) => each.name === name).customer_id;
  await server.call('POST', `/api/v1/customers/${of('Анна')}/merge`, { from: of('Анна из приложения') });
  await server.call('POST', `/api/v1/customers/${of('Анна')}/addresses`, { account_id: 'calls', address: '+79161234567' });
  const channel = page.getByRole('combobox', { name: 'Канал сообщения' });
  await olga.quietly(() => page.reload());
  await channel.click();
  await page.getByRole('option', { name: 'Внешняя система' }).click();
  await olga.write('В приложение');
  await olga.bubble('В приложение').getByRole('img', { name: 'Внешняя система' }).waitFor();
  // The choice was for one message.
  await olga.write('И в чат');
  await anna.bubble('И в чат').waitFor();
  const id = new URL(page.url()).pathname.replace('/work/', '');
  const sent = (await server.call('GET', `/api/v1/conversations/${id}/events`)).items.flatMap((i) => i.fact.message_sent ?? []);
  const where = Object.fromEntries(sent.map((m) => [m.content.text, m.account_id]));
  expect(where['В приложение'] === 'shop' && where['И в чат'] === 'site', `they went to ${JSON.stringify(where)}`);

  // Nobody answers at that exchange: the thread tells of it.
  await channel.click();
  await page.getByRole('option', { name: /Телефон/ }).click();
  await olga.quietly(async () => {
    await page.getByRole('button', { name: 'Позвонить' }).click();
    await page.getByText(/Звонок не состоялся/).waitFor();
  });
}));

// proves CT-06
test('card: a link for a messenger is made and copied', talk(async ({ olga }) => {
  const { page } = olga;
  await olga.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab(olga, 'Анкета клиента');
  const links = page.getByRole('region', { name: 'Ссылки на каналы' });
  await links.getByRole('button', { name: 'Создать ссылку' }).click();
  await links.getByRole('status').getByRole('textbox').waitFor();
  const told = await links.getByRole('status').getByRole('textbox').inputValue();
  expect(told.length >= 16, `the link is «${told}»`);
  await links.getByRole('button', { name: 'Скопировать' }).click();
  await links.getByRole('button', { name: 'Скопировано' }).waitFor();
  expect((await page.evaluate(() => navigator.clipboard.readText())) === told, 'something else was copied');
}));

test('card: a note among operators and the number of a ticket are kept', talk(async ({ olga, anna, server }) => {
  const { page } = olga;
  await page.getByRole('button', { name: 'Другие действия' }).click();
  await page.getByRole('menuitem', { name: 'Заметка для коллег' }).click();
  await olga.dialog.getByRole('textbox').fill('Просила не звонить');
  await olga.dialog.getByRole('button', { name: 'Сохранить заметку' }).click();
  await page.getByText('Просила не звонить').waitFor();
  await tab(olga, 'Тикет');
  await page.getByLabel('Номер тикета').fill('HD-204');
  await page.getByRole('button', { name: 'Сохранить номер' }).click();
  await page.getByText('Номер тикета сохранён').waitFor();
  await olga.quietly(() => page.reload());
  await tab(olga, 'Тикет');
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((f) => f.value === 'HD-204'));
  const id = new URL(page.url()).pathname.replace('/work/', '');
  const told = (await server.call('GET', `/api/v1/conversations/${id}/events`)).items.map((i) => i.fact);
  expect(told.some((f) => f.ticket_set?.number === 'HD-204') && told.some((f) => f.note_added?.text === 'Просила не звонить'), 'the server has not kept them');
  expect((await anna.bubble('не звонить').count()) === 0, 'the customer sees the note');
}));

// proves CT-10
test('card: a letter goes from the ticket to the address in the form, and stands in the conversation', talk(async ({ olga, anna, server }) => {
  const { page } = olga;
  await server.call('PUT', '/api/v1/accounts/letters', {
    kind: 'email', name: 'Почта', center_id: 'main', routing: { line_id: 'help' }, secrets: { password: 'none' },
    settings: { address: 'shop@example.ru', imap_host: '127.0.0.1', imap_port: 9, imap_security: 'none', smtp_host: '127.0.0.1', smtp_port: 9, smtp_security: 'none' },
  });
  const id = new URL(page.url()).pathname.replace('/work/', '');
  const { customer_id: customer } = await server.call('GET', `/api/v1/conversations/${id}`);
  const { revision } = await server.call('GET', `/api/v1/customers/${customer}`);
  await server.call('PATCH', `/api/v1/customers/${customer}`, { fields: { email: 'anna@example.ru' }, revision });
  await olga.quietly(() => page.reload());
  await tab(olga, 'Тикет');
  const letter = page.getByRole('region', { name: 'Письмо клиенту' });
  await letter.getByLabel('Текст письма').fill('Счёт во вложении на сайте');
  await letter.getByText('Адрес станет каналом клиента').waitFor();
  await seen(page, 'ticket-letter');
  await letter.getByRole('button', { name: 'Отправить письмо' }).click();
  await page.getByText('Письмо отправлено', { exact: true }).waitFor();
  expect((await letter.getByLabel('Текст письма').inputValue()) === '', 'the text is still there');
  await tab(olga, 'Обращение');
  await olga.bubble('Счёт во вложении').getByRole('img', { name: 'Электронная почта' }).waitFor();
  const sent = (await server.call('GET', `/api/v1/conversations/${id}/events`)).items.flatMap((i) => i.fact.message_sent ?? []);
  const told = sent.find((m) => m.content.text === 'Счёт во вложении на сайте');
  await anna.bubble('Мы отправили вам письмо').waitFor();
  expect((await anna.bubble('Счёт во вложении').count()) === 0, 'the chat shows what is in the letter');
  await seen(anna.page, 'letter-widget');
  expect(told?.account_id === 'letters' && told.address === 'anna@example.ru', `it went to ${JSON.stringify(told)}`);
}));
