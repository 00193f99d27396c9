// An administrator writes the knowledge base: a type, slots, a survey with answers
// that depend on them; looks at it as a customer would, finds it again, undoes
// what was a mistake, and takes in files.
import { readFileSync } from 'node:fs';
import { Admin, office } from './lib/admin.mjs';
import { noViolations, seen, shot } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { dot } from './lib/world.mjs';

/** Somebody who edits the knowledge base. */
class Editor extends Admin {
  come(path = '/knowledge') {
    return super.come(path);
  }

  async add() {
    await this.page.getByRole('link', { name: 'Добавить' }).click();
    await this.button('Создать').waitFor();
  }

  /** keep saves by the key that does so, and waits until it is said to be done. */
  async keep(said) {
    await this.page.keyboard.press('Alt+s');
    await this.page.getByText(said).last().waitFor();
  }

  async choose(field, option) {
    await this.page.getByRole('combobox', { name: field, exact: true }).last().click();
    await this.page.getByRole('option', { name: option }).click();
  }

  async back() {
    await this.page.getByRole('link', { name: /^К (записям|слотам|типам)/ }).click();
    await this.page.getByRole('heading', { level: 1, name: 'База знаний' }).waitFor();
  }
}

test('knowledge: a survey is written, found, edited, undone and brought back', () => office({ Kind: Editor }, async (admin) => {
  const { page, dialog } = admin;
  const check = (name) => seen(page, `knowledge-${name}`);
  await admin.come();
  await page.getByText('Записей пока нет').waitFor();
  await check('empty');
  await makeType(admin);
  await makeSlots(admin, check);
  await makeArticles(admin, check);
  await find(admin, check);
  await edit(admin, check);
  await undo(admin);
  await dialog.waitFor({ state: 'hidden' });
}));

async function makeType(admin) {
  await admin.tab('Типы записей базы знаний');
  await admin.add();
  await admin.field('Название типа').fill('Опросы');
  await admin.keep('Создать не удалось. Введите идентификатор.');
  expect(await admin.field(/^Идентификатор/, false).evaluate((e) => e === document.activeElement), 'the focus does not go to the field that is missing');
  await admin.field(/^Идентификатор/, false).fill('SURVEY');
  await admin.keep('«Опросы»: создано');
  await admin.back();
}

async function makeSlots(admin, check) {
  const { page } = admin;
  await admin.tab('Слоты');
  await admin.add();
  await admin.field('Название').fill('Скорость');
  await admin.field(/^Идентификатор/, false).fill('speed');
  await admin.choose('Тип слота', 'Словарь');
  for (const [n, id, caption] of [[1, 'good', 'Быстро'], [2, 'bad', 'Долго']]) {
    await admin.button('Добавить значение').click();
    await admin.field(`Идентификатор, значение ${n}`).fill(id);
    await admin.field(`Значение, значение ${n}`).fill(caption);
  }
  await admin.field('Текст вопроса').fill('Как быстро мы ответили?');
  await admin.keep('«Скорость»: создано');
  await check('slot');
  await admin.back();

  await admin.add();
  await admin.field('Название').fill('Номер заказа');
  await admin.field(/^Идентификатор/, false).fill('order');
  await admin.choose('Тип слота', /^Регулярное выражение$/);
  await admin.field(/^Регулярное выражение/, false).fill('(?i)заказ[^0-9]*([0-9]{5}');
  await admin.field('Проверить на примере').fill('мой заказ № 20481');
  admin.forgive(true); // a pattern that is none is refused
  await page.getByText('Ошибка в регулярном выражении').waitFor();
  await admin.field(/^Регулярное выражение/, false).fill('(?i)заказ[^0-9]*([0-9]{5})');
  await page.getByText('Значение: 20481').waitFor();
  admin.forgive(false);
  await admin.field('Текст вопроса').fill('Какой у вас заказ?');
  await check('slot-pattern');
  await admin.keep('«Номер заказа»: создано');
  await admin.back();
}

async function makeArticles(admin, check) {
  const { page, dialog } = admin;
  await admin.tab('Записи базы знаний');
  await admin.add();
  await admin.field(/^Идентификатор/, false).fill('delivery');
  await admin.field('Название').fill('Сроки доставки');
  await admin.field('Текст ответа').fill('Доставим завтра.');
  await page.locator('input[type=file]').first().setInputFiles(dot);
  await page.getByRole('button', { name: 'Открыть вложение «точка.png»' }).waitFor();
  await admin.keep('«Сроки доставки»: создано');
  await admin.back();

  await admin.add();
  await admin.field(/^Идентификатор/, false).fill('качество');
  await admin.field('Название').fill('Опрос о качестве');
  await admin.choose('Тип записи', 'Опросы');
  await admin.choose('Настройка политики сообщений', 'Первое подходящее');
  await admin.field('Новый вопрос').fill('Хочу оценить');
  await page.keyboard.press('Enter');
  await admin.choose('Добавить слот', 'Скорость');
  const first = page.getByRole('group', { name: 'Ответ 1', exact: true });
  await first.getByRole('textbox', { name: 'Текст ответа' }).fill('Рады, что вам понравилось!');
  await first.getByRole('button', { name: 'Условия' }).click();
  await first.getByRole('button', { name: 'Добавить условие' }).click();
  await admin.choose('Значение', 'Быстро');
  await first.getByRole('button', { name: 'Добавить кнопку' }).click();
  await first.getByRole('combobox', { name: 'Идентификатор или название записи' }).fill('сроки');
  await page.getByRole('option', { name: /Сроки доставки/ }).click();
  expect(await first.getByRole('textbox', { name: 'Текст кнопки' }).inputValue() === 'Сроки доставки', 'the search does not fill the caption');
  await first.getByRole('button', { name: 'Показать запись «Сроки доставки»' }).click();
  await dialog.getByText('Доставим завтра.').waitFor();
  await check('peek');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  await admin.button('Добавить ответ').click();
  const second = page.getByRole('group', { name: 'Ответ 2', exact: true });
  await second.getByRole('textbox', { name: 'Текст ответа' }).fill('Нам жаль. Исправимся!');
  await second.getByRole('button', { name: 'Настройки доступа' }).click();
  await second.getByRole('combobox', { name: 'Группы' }).click();
  await page.getByRole('option', { name: 'Заказы' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Тематики/ }).click();
  await page.getByRole('button', { name: 'Добавить тематику' }).click();
  await admin.field('Название тематики').fill('Качество');
  await page.getByRole('group', { name: 'Добавить тематику' }).getByRole('button', { name: 'Создать' }).click();
  await page.getByText('Тематика «Качество» создана').waitFor();
  const topic = await page.getByRole('combobox', { name: 'Тематика', exact: true }).inputValue();
  expect(topic === 'Качество', `the new topic is not chosen, but «${topic}»`);
  await check('article');
  await play(page);
  await admin.keep('«Опрос о качестве»: создано');
}

/** The survey as the customer sees it, beside the form. */
async function play(page) {
  const preview = page.getByRole('complementary', { name: 'Как увидит клиент' });
  await preview.getByRole('button', { name: 'Быстро' }).click();
  await preview.getByText('Рады, что вам понравилось!').waitFor();
  await preview.getByRole('button', { name: 'Сроки доставки' }).click();
  await preview.getByText('Доставим завтра.').waitFor();
  await preview.getByRole('button', { name: 'Начать заново' }).first().click();
  await preview.getByRole('button', { name: 'Долго' }).click();
  await preview.getByText('Нам жаль. Исправимся!').waitFor();
}

async function find(admin, check) {
  const { page } = admin;
  await admin.back();
  await page.getByRole('searchbox', { name: 'Поиск записи' }).fill('опрос');
  await page.getByRole('row', { name: /Сроки доставки/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Название' }).click();
  await page.getByRole('columnheader', { name: /Название/ }).and(page.locator('[aria-sort=ascending]')).waitFor();
  await check('found');
  await page.reload();
  await page.getByRole('row', { name: /Опрос о качестве/ }).waitFor();
  expect(await page.getByRole('searchbox').inputValue() === 'опрос', 'what was searched for is not in the address');
  await page.getByText('Опрос о качестве').click();
}

async function edit(admin, check) {
  const { page, dialog } = admin;
  await admin.field('Название').fill('Опрос о нашей работе');
  await page.getByRole('button', { name: 'Администрирование' }).click();
  await page.getByRole('menuitem', { name: 'Каналы' }).click();
  await dialog.getByText('пропадут').waitFor();
  await check('unsaved');
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await page.goBack();
  await dialog.getByText('пропадут').waitFor();
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await admin.keep('«Опрос о нашей работе»: изменения сохранены');

  await admin.field('Название').fill('Моё название');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { revision, by: _, at: __, article_id: ___, origin: ____, ...now } = await admin.server.call('GET', `/api/v1/articles/${id}`);
  await admin.server.call('PUT', `/api/v1/articles/${id}`, { ...now, title: 'Чужое название', revision });
  admin.forgive(true); // somebody else was first: refused
  await page.keyboard.press('Alt+s');
  await admin.button('Сравнить').click();
  admin.forgive(false);
  await dialog.getByText('Чужое').waitFor();
  await check('conflict');
  await dialog.getByRole('button', { name: 'Сохранить моё поверх' }).click();
  await page.getByText('«Моё название»: изменения сохранены').waitFor();

  await admin.button('История').click();
  await dialog.getByRole('button', { name: /Версия 1/ }).click();
  await dialog.getByRole('button', { name: /Версия 2/ }).click();
  await dialog.getByText('нашей работе').first().waitFor();
  await check('history');
  await dialog.getByRole('button', { name: /Версия 1/ }).click();
  await dialog.getByRole('button', { name: 'Вернуть эту версию' }).click();
  await page.getByRole('heading', { level: 1, name: 'Опрос о качестве' }).waitFor();
}

async function undo(admin) {
  const { page, dialog } = admin;
  await admin.button('Удалить').click();
  await dialog.getByRole('button', { name: 'Удалить' }).click();
  await page.getByText('«Опрос о качестве»: удалено').waitFor();
  await admin.button('Отменить').click();
  await page.getByText('«Опрос о качестве»: снова здесь').waitFor();
  await page.getByRole('row', { name: /Опрос о качестве/ }).waitFor();
}

test('knowledge: a broken file names line and field, a good one is loaded, and all is taken along', () => office({ Kind: Editor }, async (admin) => {
  const { page, dialog } = admin;
  await admin.come();
  await admin.button('Загрузить').click();
  await noViolations(page, 'the import');
  const pick = (text) => dialog.locator('input[type=file]').setInputFiles({ name: 'база.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  admin.forgive(true); // a broken file is refused
  await pick('identifier,title,text\nhello,Приветствие,Здравствуйте!\nдва слова,Ошибка,Нет\n');
  const fault = dialog.getByRole('row').nth(1);
  await fault.waitFor();
  admin.forgive(false);
  expect(/3\s*identifier\s*В идентификаторе могут быть/.test(await fault.innerText()), `the fault is «${await fault.innerText()}»`);
  expect(await dialog.getByRole('button', { name: 'Загрузить' }).isDisabled(), 'a broken file can be loaded');
  await noViolations(page, 'the faults of a file');
  await shot(page, 'knowledge-faults');
  await pick('identifier,title,text\nhello,Приветствие,Здравствуйте!\nbye,Прощание,До свидания!\n');
  await dialog.getByText('Появятся 2 записи').waitFor();
  await shot(page, 'knowledge-import');
  await dialog.getByRole('button', { name: 'Загрузить' }).click();
  await page.getByText('Файл загружен').waitFor();
  await page.getByRole('row', { name: /Прощание/ }).waitFor();
  await admin.button('Выгрузить').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV для русского Excel' }).click()]);
  expect(readFileSync(await download.path(), 'utf8').includes(';Прощание'), 'the export has no articles');
}));

test('knowledge: an archive takes the files of articles along to a center that has nothing', async () => {
  let archive;
  await office({ Kind: Editor }, async (admin) => {
    const { page, server } = admin;
    const picture = await server.keep(dot);
    await server.call('PUT', '/api/v1/articles/way', { identifier: 'way', title: 'Схема проезда', answers: [{ answer_id: '1', text: 'Вот она', attachments: [picture] }] });
    await admin.come();
    await admin.button('Выгрузить').click();
    await noViolations(page, 'the ways to take the knowledge base along');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'ZIP с вложениями' }).click()]);
    archive = readFileSync(await download.path());
  });
  await office({ Kind: Editor }, async (admin) => {
    const { page, dialog } = admin;
    await admin.come();
    await admin.button('Загрузить').click();
    const pick = (buffer) => dialog.locator('input[type=file]').setInputFiles({ name: 'база.zip', mimeType: 'application/zip', buffer });
    admin.forgive(true); // a broken archive is refused
    await pick(archive.subarray(0, 100));
    await dialog.getByText('Это не архив ZIP').waitFor();
    admin.forgive(false);
    await pick(archive);
    await dialog.getByText('Появится 1 вложение').waitFor();
    await noViolations(page, 'an archive that was looked at');
    await shot(page, 'knowledge-archive');
    await dialog.getByRole('button', { name: 'Загрузить' }).click();
    await page.getByText('Файл загружен').waitFor();
    await page.getByRole('row', { name: /Схема проезда/ }).waitFor();
    await page.goto(`${admin.server.url}/knowledge/articles/way`);
    const picture = page.locator('main li img');
    await picture.waitFor();
    expect(await picture.evaluate(async (img) => { await img.decode(); return img.naturalWidth; }) === 10, 'the picture is another');
  });
});

test('knowledge: many articles are paged, and where there is little room nothing is wider than the window', () => office({ Kind: Editor, viewport: { width: 1024, height: 768 } }, async (admin) => {
  const { page } = admin;
  for (let n = 1; n <= 23; n++) {
    await admin.server.call('PUT', `/api/v1/articles/a${n}`, { identifier: `art-${String(n).padStart(2, '0')}`, title: `Запись ${n}`, answers: [{ answer_id: '1', text: 'Ответ' }] });
  }
  await admin.come();
  const rows = page.getByRole('table').getByRole('row');
  await page.getByRole('row', { name: /art-10/ }).waitFor();
  expect(await rows.count() === 11, 'there are not ten rows on a page');
  await admin.button('Следующая').click();
  await page.getByRole('row', { name: /art-20/ }).waitFor();
  await page.getByRole('button', { name: 'Страница 2' }).and(page.locator('[aria-current=page]')).waitFor();
  await page.getByRole('combobox', { name: 'Строк на странице' }).click();
  await page.getByRole('option', { name: '25' }).click();
  await page.getByRole('row', { name: /art-23/ }).waitFor();
  await shot(page, 'knowledge-1024');
  // By the keyboard alone: to the row, into the form, to the preview, and out.
  await page.getByRole('link', { name: 'art-01' }).focus();
  await page.keyboard.press('Enter');
  await admin.button('Показать, как увидит клиент').press('Enter');
  await page.getByRole('complementary').getByText('Ответ').waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide <= 1024, `the form is ${wide} wide`);
  await noViolations(page, 'the form at 1024');
  await shot(page, 'knowledge-form-1024');
}));
