// What an operator sees and hears while at work: phrases that go on from what is
// typed, timers that change at their marks, a sound, and files looked at in place.
import XLSX from '@e965/xlsx';
import { shot } from './lib/browser.mjs';
import { expect, test } from './lib/test.mjs';
import { word } from './lib/word.mjs';
import { dot, world } from './lib/world.mjs';

/** Counts the tones that the page plays. */
function deaf() {
  globalThis.tones = 0;
  const tune = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
  globalThis.AudioContext = class {
    state = 'running';
    currentTime = 0;
    async resume() {}
    createGain() {
      return { gain: tune, connect: () => {} };
    }
    createOscillator() {
      return { frequency: {}, connect: (next) => next, start: () => { globalThis.tones++; }, stop() {} };
    }
  };
}

// proves OP-10, OP-13
test('work: a sound, a phrase that goes on, and timers that change at their marks', () => world(async ({ server, operator, customer }) => {
  const { revision, ...old } = await server.call('GET', '/api/v1/settings/main');
  const { policy, form } = old;
  // Five minutes less a moment, so that the marks are soon reached.
  const timer = { count: 'down', minutes: 5, marks: [{ seconds: 295, tone: 'warning' }, { seconds: 285, tone: 'danger' }] };
  await server.call('PUT', '/api/v1/settings/main', { policy, form, timer, revision });
  const olga = await operator('olga');
  const { page } = olga;
  await page.addInitScript(deaf);
  await olga.enterWork();
  const anna = await customer('Анна');
  await anna.come();
  await anna.write('Здравствуйте');
  await page.waitForFunction(() => globalThis.tones > 0 && document.documentElement.dataset.sound === 'assigned');
  const tone = (name) => olga.row('Анна').locator(`[role="timer"][data-tone="${name}"]`).waitFor();
  await tone('neutral');

  await olga.open('Анна');
  await olga.field.pressSequentially('Спасибо, что');
  await page.getByRole('list', { name: 'Подсказки' }).getByRole('button', { name: 'Спасибо, что написали нам.' }).click();
  expect((await olga.field.inputValue()) === 'Спасибо, что написали нам.', `the field holds «${await olga.field.inputValue()}»`);

  await tone('warning');
  await tone('danger');
  await shot(page, 'work-late');
}));

// proves OP-14
test('work: the palette gives the focus back to where it was, and a command keeps what it takes', () => world(async ({ operator, customer }) => {
  const olga = await operator('olga');
  await olga.enterWork();
  const anna = await customer('Анна');
  await anna.come();
  await anna.write('Здравствуйте');
  await olga.open('Анна');
  const { page, field, dialog } = olga;
  const search = page.getByPlaceholder('Найти команду…');
  const palette = async (command) => {
    await olga.press('Ctrl+KeyK');
    await search.waitFor();
    await page.waitForFunction(() => document.activeElement?.placeholder?.startsWith('Найти команду'));
    if (!command) return page.keyboard.press('Escape');
    await page.keyboard.insertText(command);
    await page.waitForFunction((text) => document.querySelector('[data-selected]')?.textContent.includes(text), command);
    await page.keyboard.press('Enter');
  };
  const focused = async (locator, why) => {
    await search.waitFor({ state: 'detached' });
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    expect(await locator.evaluate((e) => e === document.activeElement), `${why}: the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))}`);
  };
  const header = page.getByRole('button', { name: 'Команды' });
  await field.focus();
  await palette();
  await focused(field, 'closed by Escape');
  await header.click();
  await search.waitFor();
  await page.keyboard.press('Escape');
  await focused(header, 'opened by its button');
  await palette('К тексту сообщения');
  await focused(field, 'a command that goes to the field');
  await header.focus();
  await palette('Завершить');
  await dialog.getByRole('button', { name: 'Завершить' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focused(header, 'after the dialog of a command');
}));

test('work: a picture, a PDF, a table and documents are looked at where they are', () => world(async ({ operator, customer }) => {
  const olga = await operator('olga');
  const { page } = olga;
  await olga.enterWork();
  const anna = await customer('Анна');
  await anna.come();
  await anna.write('Посылаю бумаги');
  await olga.open('Анна');
  await anna.attach(dot, { name: 'счёт.pdf', mimeType: 'application/pdf', buffer: pdf('Invoice 204') });
  await anna.attach({ name: 'заказы.xlsx', mimeType: table, buffer: sheet([['Заказ', 'Сумма'], ['20481', 1990]]) });
  await anna.attach({ name: 'договор.docx', mimeType: wordML, buffer: docx('Договор поставки № 7') });
  await anna.attach({ name: 'акт.doc', mimeType: 'application/msword', buffer: word({ pieces: [{ text: 'Акт сверки № 12\rСумма: ' }, { text: '\x80 1990\r', narrow: true }] }) });
  await anna.attach({ name: 'битый.doc', mimeType: 'application/msword', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]) });
  const looks = [
    ['точка.png', olga.dialog.getByRole('img')],
    ['счёт.pdf', olga.dialog.locator('canvas')],
    ['заказы.xlsx', olga.dialog.getByRole('cell', { name: '20481' })],
    ['договор.docx', olga.dialog.getByText('Договор поставки № 7')],
    ['акт.doc', olga.dialog.getByText(/Акт сверки № 12\s+Сумма: € 1990/)],
    ['битый.doc', olga.dialog.getByText('Файл повреждён, зашифрован или записан в другом формате.')],
  ];
  for (const [name, there] of looks) {
    await page.getByRole('button', { name: `Открыть файл ${name}` }).click();
    await there.first().waitFor();
    await shot(page, `look-${name}`);
    await page.keyboard.press('Escape');
    await olga.dialog.waitFor({ state: 'detached' });
  }
  await shot(page, 'work-files');
}));

const table = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const wordML = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

function sheet(rows) {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), 'Заказы');
  return XLSX.write(book, { type: 'buffer', bookType: 'xlsx' });
}

/** The least document that a word processor would open. */
function docx(text) {
  const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const files = {
    '/[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${wordML}.main+xml"/></Types>`,
    '/_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}" Target="word/document.xml"/></Relationships>`,
    '/word/document.xml': `<w:document xmlns:w="${word}"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  };
  const zip = XLSX.CFB.utils.cfb_new();
  for (const [name, body] of Object.entries(files)) XLSX.CFB.utils.cfb_add(zip, name, Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`));
  return Buffer.from(XLSX.CFB.write(zip, { fileType: 'zip', type: 'buffer' }));
}

/** The least PDF: one page with a line of text. */
function pdf(text) {
  const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const at = objects.map((o, i) => {
    const place = body.length;
    body += `${i + 1} 0 obj\n${o}\nendobj\n`;
    return String(place).padStart(10, '0');
  });
  const table = at.map((place) => `${place} 00000 n \n`).join('');
  return Buffer.from(`${body}xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF`);
}
