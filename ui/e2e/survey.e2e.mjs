// The manual's survey of quality, from the assistant's hint to what was learnt:
// the operator gives it with a press, the customer answers with the widget's
// buttons, and the answer that fits comes by itself.
import { noViolations, shot } from './lib/browser.mjs';
import { password } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const praise = 'Рады, что Вам все понравилась!';
const questions = { speed: 'Вы довольны скоростью ответа?', tone: 'Вы довольны вежливостью?', result: 'Ваш вопрос решён?' };
const grades = [{ id: 'good', caption: 'Да' }, { id: 'so', caption: 'Не совсем' }, { id: 'bad', caption: 'Нет' }];

/** The knowledge base that the case needs. */
async function quality(server) {
  for (const [id, text] of Object.entries(questions)) {
    await server.call('PUT', `/api/v1/slots/${id}`, { identifier: id, name: text, type: 'DICTIONARY', question: { text }, entries: grades });
  }
  const all = (comparison) => Object.keys(questions).map((slot_id) => ({ slot_id, comparison, value: 'good' }));
  await server.call('PUT', '/api/v1/articles/quality', {
    identifier: 'quality', title: 'Качество обслуживания', questions: ['Как оставить отзыв?'], slot_ids: Object.keys(questions),
    answers: [
      { answer_id: 'well', text: praise, conditions: [{ all: all('EQUAL') }] },
      { answer_id: 'badly', text: 'Спасибо, мы учтём.', conditions: all('NOT_EQUAL').map((each) => ({ all: [each] })) },
    ],
  });
  await server.call('PUT', '/api/v1/articles/hours', {
    identifier: 'hours', title: 'Часы работы', questions: ['Когда вы работаете?'], answers: [{ answer_id: 'a', text: 'Ежедневно с 9 до 21.' }],
  });
}

test('survey: an operator gives it, the customer answers by buttons', () => world(async ({ server, operator, customer }) => {
  await quality(server);
  const olga = await operator('olga');
  await olga.enterWork();
  const ivan = await customer('Иван');
  await ivan.come();
  await ivan.write('Как оставить отзыв?');
  await olga.list.getByRole('link').first().click();
  const { page } = olga;
  const assistant = page.getByRole('region', { name: 'Интеллектуальный помощник' });
  await assistant.getByText('Качество обслуживания').waitFor();
  await shot(page, 'assistant');
  await noViolations(page, 'assistant');
  await assistant.getByRole('button', { name: 'Начать опрос' }).first().click();
  const survey = page.getByRole('group', { name: 'Опрос клиента' });
  for (const [i, text] of Object.values(questions).entries()) {
    await ivan.bubble(text).waitFor();
    await survey.getByText(`вопрос ${i + 1} из 3`).waitFor();
    if (i === 1) await shot(page, 'survey');
    await ivan.dialog.getByRole('button', { name: 'Да', exact: true }).last().click();
  }
  await ivan.bubble(praise).waitFor();
  await olga.bubble(praise).waitFor();
  await survey.waitFor({ state: 'detached' });
  const known = page.getByRole('region', { name: 'Известно из опросов' });
  expect((await known.getByText('Да', { exact: true }).count()) === 3, 'the three answers are not shown');
  await page.getByText('Опрос «Качество обслуживания» пройден').waitFor();
  await shot(page, 'survey-known');
  await noViolations(page, 'what is known');
  expect((await olga.said()).filter((text) => text === 'Спасибо, мы учтём.').length === 0, 'the other answer came too');
  const { items } = await server.call('GET', '/api/v1/surveys');
  expect(items.length === 1 && items[0].outcome === 'completed' && items[0].answers.every((a) => a.value === 'good'), JSON.stringify(items));
  // Who looks at figures and writes no articles finds the results in the menu.
  await server.call('PUT', '/api/v1/users/vera', {
    login: 'vera', password, first_name: 'Вера', last_name: 'Белова', roles: ['login', 'view_stat'],
    center_ids: ['main'], line_ids: ['help'], languages: [], skills: [], capacity: 1,
  });
  const vera = await operator('vera');
  await vera.signIn();
  await vera.enter(vera.page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Результаты опросов' }));
  await vera.page.getByRole('heading', { level: 1, name: 'Результаты опросов' }).waitFor();
  await vera.page.getByRole('heading', { level: 3, name: questions.speed }).waitFor();
  await vera.page.getByRole('status').getByText('1 опрос').waitFor();
  expect((await vera.page.getByRole('link', { name: 'База знаний' }).count()) === 0, 'the knowledge base is offered to who may not write it');
  await noViolations(vera.page, 'results of surveys');
  await shot(vera.page, 'surveys-page');
}));

test('assistant: an answer goes into the field and is what was chosen', () => world(async ({ server, operator, customer }) => {
  await quality(server);
  const olga = await operator('olga', { scheme: 'dark' });
  await olga.enterWork();
  const ivan = await customer('Иван');
  await ivan.come();
  await ivan.write('Когда вы работаете?');
  await olga.list.getByRole('link').first().click();
  const { page } = olga;
  await olga.field.fill('Добрый день!');
  const assistant = page.getByRole('region', { name: 'Интеллектуальный помощник' });
  await assistant.getByRole('button', { name: 'В ответ' }).first().click();
  expect((await olga.field.inputValue()) === 'Добрый день! Ежедневно с 9 до 21.', await olga.field.inputValue());
  await page.keyboard.press('Control+Z');
  expect((await olga.field.inputValue()) === 'Добрый день!', 'what was put in can not be taken back');
  await assistant.getByRole('button', { name: 'Отправить' }).first().click();
  await ivan.bubble('Ежедневно с 9 до 21.').waitFor();
  expect((await olga.field.inputValue()) === 'Добрый день!', 'the draft is gone');
  await assistant.waitFor({ state: 'detached' });
  await noViolations(page, 'dark');
  await shot(page, 'assistant-dark');
}));
