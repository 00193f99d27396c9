// An operator misspells words: they are underlined where they stand, others are
// offered, and where the center wants it a message with one does not go.
import { noViolations, shot } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

/** The underlined words, and whether their lines are below them: the copy behind the field has its very shape. */
const marks = (page) => page.evaluate(() => {
  const field = document.querySelector('textarea');
  const copy = field.parentElement.querySelector('[aria-hidden]');
  const words = [...copy?.querySelectorAll('span') ?? []].map((e) => e.textContent);
  const shape = (e) => [e.clientWidth, e.clientHeight, e.scrollHeight, e.scrollTop].join(' ');
  return { words, field: shape(field), copy: copy ? shape(copy) : '' };
});

const underlined = (page, ...words) => page.waitForFunction((want) => {
  const copy = document.querySelector('textarea').parentElement.querySelector('[aria-hidden]');
  return [...copy?.querySelectorAll('span') ?? []].map((e) => e.textContent).join(' ') === want;
}, words.join(' '));

/** clickWord presses the mouse upon a word of the field. */
async function clickWord(page, word) {
  const mark = page.locator('textarea').locator('xpath=..').locator('[aria-hidden] > span', { hasText: word });
  const { x, y, width, height } = await mark.first().boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

async function begin({ operator, customer }, scheme) {
  const olga = await operator('olga', { scheme });
  await olga.enterWork();
  const anna = await customer('Аннелиза');
  await anna.come();
  await anna.write('Здравствуйте');
  await olga.open('Аннелиза');
  return { olga, anna, page: olga.page };
}

// proves OP-15
test('spelling: wrong words are underlined, and another takes their place', () => world(async (stage) => {
  const { olga, page } = await begin(stage);
  await olga.field.pressSequentially('Превет, Аннелиза! Ваш заказ на https://shop.example/превет сдесь. ');
  await underlined(page, 'Превет', 'сдесь');
  await noViolations(page, 'a message with errors');
  await shot(page, 'spelling');

  await clickWord(page, 'Превет');
  await page.getByRole('option', { name: 'Привет', exact: true }).waitFor();
  await shot(page, 'spelling-list');
  await noViolations(page, 'the list of words');
  await page.getByRole('option', { name: 'Привет', exact: true }).click();
  await underlined(page, 'сдесь');
  const right = 'Привет, Аннелиза! Ваш заказ на https://shop.example/превет сдесь. ';
  expect((await olga.field.inputValue()) === right, `the field holds «${await olga.field.inputValue()}»`);
  await page.keyboard.press('Control+z');
  await underlined(page, 'Превет', 'сдесь');
  await page.keyboard.press('Control+Shift+z');
  await underlined(page, 'сдесь');

  // By the keyboard alone: from the end, where the cursor is, to the next word.
  await olga.field.press('End');
  await olga.press('Alt+Enter');
  await page.getByRole('option', { name: 'здесь', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await underlined(page);
  expect((await olga.field.inputValue()) === right.replace('сдесь', 'здесь'), `the field holds «${await olga.field.inputValue()}»`);

  // The other layout.
  await olga.field.fill('');
  await olga.field.pressSequentially('ghbdtn ');
  await underlined(page, 'ghbdtn');
  await clickWord(page, 'ghbdtn');
  await page.getByRole('option', { name: 'привет', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('option').first().waitFor({ state: 'detached' });
  expect(await olga.field.evaluate((e) => e === document.activeElement), 'the field has lost the focus');
}));

// proves OP-15
test('spelling: the lines stay below their words in a long message', () => world(async (stage) => {
  const { olga, page } = await begin(stage, 'dark');
  const lines = Array.from({ length: 20 }, (_, n) => `Строка ${n}: довольно длинная, чтобы не поместиться в одну, и оттого продолжается на следующей строке поля для ответа клиенту.`);
  await olga.field.fill(`${lines.join('\n')}\nОшыбка`);
  await olga.field.press('End');
  await page.keyboard.type(' последняя.');
  await underlined(page, 'Ошыбка');
  const same = async () => {
    const { field, copy } = await marks(page);
    expect(field === copy, `the copy is ${copy}, the field is ${field}`);
  };
  await same();
  await olga.field.evaluate((e) => { e.scrollTop = 40; });
  await page.waitForFunction(() => document.querySelector('textarea').parentElement.querySelector('[aria-hidden]').scrollTop === 40);
  await same();
  // The key brings the word into sight, and the list is above it.
  await olga.field.evaluate((e) => e.setSelectionRange(0, 0));
  await olga.press('Alt+Enter');
  await page.getByRole('option', { name: 'Ошибка', selected: true }).waitFor();
  await same();
  const mark = await page.locator('[aria-hidden] > span', { hasText: 'Ошыбка' }).boundingBox();
  const field = await olga.field.boundingBox();
  const list = await page.getByRole('listbox', { name: /Ошыбка/ }).boundingBox();
  expect(mark.y >= field.y && mark.y + mark.height <= field.y + field.height, 'the word is out of sight');
  expect(list.y + list.height <= mark.y + 8 && list.y + list.height >= mark.y - 24, `the list ends at ${list.y + list.height}, the word begins at ${mark.y}`);
  expect(list.x >= field.x - 2 && list.x + list.width <= field.x + field.width + 2, 'the list leaves the field');
  await shot(page, 'spelling-dark');
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.waitForFunction(() => {
    const f = document.querySelector('textarea');
    const c = f.parentElement.querySelector('[aria-hidden]');
    return f.clientWidth === c.clientWidth && f.scrollHeight === c.scrollHeight;
  });
}));

// proves OP-15
test('spelling: a word that is put into the dictionary is right from then on', () => world(async (stage) => {
  const { olga, page } = await begin(stage);
  await olga.field.pressSequentially('Крафтолёт готов. ');
  await underlined(page, 'Крафтолёт');
  await clickWord(page, 'Крафтолёт');
  await page.getByRole('option', { name: 'Добавить в словарь' }).click();
  await underlined(page);
  const kept = await stage.server.call('GET', '/api/v1/dictionary');
  expect(kept.items.length === 1 && kept.items[0].center_id === 'main' && kept.items[0].by === 'olga', JSON.stringify(kept));

  await page.reload();
  await olga.open('Аннелиза');
  await olga.field.fill('');
  await olga.field.pressSequentially('Крафталёт и крафтолёт. ');
  await underlined(page, 'Крафталёт');
  await clickWord(page, 'Крафталёт');
  await page.getByRole('option', { name: 'Крафтолёт', exact: true }).waitFor();
}));

// proves OP-15
test('spelling: where errors are forbidden, a message with one does not go', () => world(async (stage) => {
  const { server } = stage;
  const { revision, policy, form, timer } = await server.call('GET', '/api/v1/settings/main');
  await server.call('PUT', '/api/v1/settings/main', { policy, form, timer, forbid_errors: true, revision });
  const { olga, anna, page } = await begin(stage);
  await olga.field.pressSequentially('Заказ ужэ в пути');
  const send = page.getByRole('button', { name: 'Отправить', exact: true });
  await underlined(page, 'ужэ');
  expect((await send.getAttribute('aria-disabled')) === 'true', 'the button does not say that it will not send');
  await send.click({ force: true }); // as a person would, though it says no
  await page.getByRole('alert').filter({ hasText: 'Исправьте 1 слово с ошибкой' }).waitFor();
  const chosen = await olga.field.evaluate((e) => e === document.activeElement && e.value.slice(e.selectionStart, e.selectionEnd));
  expect(chosen === 'ужэ', `«${chosen}» is chosen`);
  await page.getByRole('option', { name: 'уже', exact: true, selected: true }).waitFor();
  await shot(page, 'spelling-forbidden');
  await page.keyboard.press('Enter');
  await olga.field.press('Control+Enter');
  await anna.bubble('Заказ уже в пути').waitFor();

  // The word that is typed last counts too, and a message that is right goes at once.
  await olga.write('Превет');
  await page.getByRole('alert').filter({ hasText: 'Исправьте 1 слово' }).first().waitFor();
  expect((await olga.field.inputValue()) === 'Превет', 'the message went');
  await olga.write('Привет');
  await anna.bubble('Привет').waitFor();
  expect((await anna.bubble('Превет').count()) === 0, 'the message with an error went');
}));
