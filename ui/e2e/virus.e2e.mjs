// A file with a virus: the customer's picture and document are held back, and
// both sides are told so in words.
import { seen } from './lib/browser.mjs';
import { startClamd, virus } from './lib/clamd.mjs';
import { expect, test } from './lib/test.mjs';
import { bill, dot, world } from './lib/world.mjs';

const bad = (name, mimeType, begin = Buffer.alloc(0)) => ({ name, mimeType, buffer: Buffer.concat([begin, Buffer.from(virus)]) });
const badPicture = bad('фото.png', 'image/png', dot.buffer);
const badLetter = bad('договор.txt', 'text/plain');
const badArchive = bad('архив.bin', 'application/octet-stream', Buffer.from([0, 1, 2]));

// proves SECURITY 5.4.3
test('virus: what the check refuses is said on both sides and can not be opened', async () => {
  const clamd = await startClamd();
  try {
    await world(held, { args: ['--clamd', clamd.address] });
  } finally {
    clamd.close();
  }
});

async function held({ operator, customer }) {
  const olga = await operator('olga');
  await olga.enterWork();
  const anna = await customer('Анна');
  // A browser writes on its console what it was refused.
  for (const one of [olga, anna]) one.forgive(true);
  await anna.come();
  await anna.write('Посылаю файлы');
  await olga.open('Анна');
  await anna.attach(badPicture, badLetter, badArchive, dot, bill);
  const { page, thread, dialog } = olga;
  const told = (name) => thread.getByRole('group', { name });
  await told(badPicture.name).getByText('не прошёл проверку на вирусы').waitFor();
  await told(badPicture.name).getByText('Отправитель: Анна').waitFor();
  await olga.enter(thread.getByRole('button', { name: `Открыть файл ${badLetter.name}` }));
  await dialog.getByRole('alert').getByText('Eicar-Test').waitFor();
  expect((await dialog.getByRole('link', { name: 'Скачать' }).count()) === 0, 'the file can be downloaded from the dialog');
  await seen(page, 'virus-dialog');
  await page.keyboard.press('Escape');
  await told(badLetter.name).waitFor();
  await page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, badLetter.name);
  await thread.getByRole('link', { name: `Скачать файл ${badArchive.name}` }).click();
  await told(badArchive.name).waitFor();
  for (const { name } of [badPicture, badLetter, badArchive]) {
    expect((await told(name).locator('a, button, img').count()) === 0, `${name} can be opened`);
  }
  // What is clean is as it was.
  await thread.getByRole('button', { name: `Открыть файл ${bill.name}` }).click();
  await dialog.getByText('Счёт на оплату').waitFor();
  await page.keyboard.press('Escape');
  const [download] = await Promise.all([page.waitForEvent('download'), thread.getByRole('link', { name: `Скачать файл ${bill.name}` }).click()]);
  expect(download.suggestedFilename() === bill.name, download.suggestedFilename());
  await seen(page, 'virus-thread');

  const file = ({ name }) => anna.dialog.getByRole('button', { name });
  await file(badLetter).click();
  for (const one of [badPicture, badLetter]) {
    await file(one).getByText('Файл не прошёл проверку на вирусы').waitFor();
    expect(await file(one).isDisabled(), `the customer can open ${one.name}`);
  }
  await seen(anna.page, 'virus-widget');
}
