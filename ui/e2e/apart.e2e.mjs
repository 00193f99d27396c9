// Files on a host of their own: the workspace and the widget show what comes from
// there, through the policy of the page and across origins.
import { freePort } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { bill, dot, world } from './lib/world.mjs';

// proves SECURITY 3.5.4
test('apart: pictures and texts are shown from the host of files', async () => {
  const port = await freePort();
  const files = `http://localhost:${port}`;
  const own = `${files}/files/v1/`;
  await world(async ({ operator, customer }) => {
    const olga = await operator('olga');
    await olga.enterWork();
    const anna = await customer('Анна');
    const led = [];
    for (const one of [olga, anna]) one.page.on('response', (r) => r.url().startsWith(own) && r.ok() && led.push(one.who));
    await anna.come();
    await anna.write('Посылаю фото');
    await olga.open('Анна');
    await anna.attach(dot, bill);

    await olga.page.getByRole('button', { name: `Открыть файл ${dot.name}` }).click();
    const picture = olga.dialog.locator('img');
    await picture.waitFor();
    await olga.page.waitForFunction((i) => i.complete && i.naturalWidth === 10, await picture.elementHandle());
    await olga.page.keyboard.press('Escape');
    await olga.page.getByRole('button', { name: `Открыть файл ${bill.name}` }).click();
    await olga.dialog.getByText('Счёт на оплату').waitFor();

    const tab = anna.page.waitForEvent('popup');
    await anna.dialog.getByRole('button', { name: `Открыть изображение ${dot.name}` }).click();
    const shown = (await tab).locator('img');
    await shown.waitFor();
    expect((await shown.evaluate((i) => i.naturalWidth)) === 10, 'the widget shows another picture');
    for (const one of [olga, anna]) expect(led.includes(one.who), `${one.who} had no file from ${own}`);
  }, { listen: `127.0.0.1:${port}`, files, args: ['--files-url', files] });
});
