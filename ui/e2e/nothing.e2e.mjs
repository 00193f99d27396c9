// From an empty server to a customer who is served, by the keyboard alone: the
// one-time link, a center with two groups and two skills, a widget with its
// greeting, a position, three operators who come by invitation, working hours with
// a holiday. axe looks at every screen on the way, in light and in dark.
import { person, seen, shot, startBrowser } from './lib/browser.mjs';
import { Hands } from './lib/hands.mjs';
import { password, startServer } from './lib/server.mjs';
import { expect, test } from './lib/test.mjs';

/**
 * What the whole way may take a person, by reckoning and not by the clock: a key takes
 * a skilled typist 0.2 s, and before each act one thinks for 1.35 s (the keystroke-level
 * model of Card, Moran and Newell, 1980). A run of equal keys (Tab, Tab, Tab) is one
 * act; a typed text is one act too, with a key for each letter.
 */
const tenMinutes = 600;
const perKey = 0.2;
const perAct = 1.35;
/** What the colleagues sign in by. */
const secret = 'улун и пуэр 7';

const colleagues = [['olga', 'Ольга', 'Иванова'], ['petr', 'Пётр', 'Смирнов'], ['rita', 'Рита', 'Котова']];

test('nothing: a center from an empty server to a rated conversation, by the keyboard, within ten minutes', async () => {
  const server = await startServer();
  const browser = await startBrowser();
  const people = [];
  const join = async (name, looks) => {
    const hands = new Hands(await person(browser, looks), name);
    people.push(hands);
    return hands;
  };
  try {
    const admin = await join('admin');
    await firstSteps(admin, server);
    await organisation(admin);
    const links = await invited(admin);
    await hours(admin);
    const operators = [];
    for (const [at, link] of links.entries()) operators.push(await accepts(join, colleagues[at], link));
    await served(operators[0], await join('customer', { viewport: { width: 1024, height: 768 } }), server);
    const keys = people.reduce((sum, p) => sum + p.keys + p.letters, 0);
    const acts = people.reduce((sum, p) => sum + p.acts, 0);
    const takes = keys * perKey + acts * perAct;
    console.log(`      ${keys} keys in ${acts} acts: about ${(takes / 60).toFixed(1)} minutes of a person`);
    expect(takes < tenMinutes, `${keys} keys in ${acts} acts take ${takes.toFixed(0)} s`);
    for (const p of people) expect(p.complaints.length === 0, `${p.name}: ${p.complaints.join('\n')}`);
  } catch (wrong) {
    for (const p of people) await shot(p.page, `failed-nothing-${p.name}`).catch(() => {});
    throw wrong;
  } finally {
    await browser.close();
    await server.stop();
  }
});

/** firstSteps takes the one-time link and what is asked behind it; who answers comes later. */
async function firstSteps(admin, server) {
  const { page } = admin;
  admin.forgive(true); // before there is a session, the question who is signed in is refused
  await page.goto(`${server.url}/setup?code=${server.code}`);
  await admin.at(page.getByLabel('Логин'));
  await seen(admin.page, 'nothing-setup');
  await admin.fill(page.getByLabel('Пароль'), password);
  await admin.fill(page.getByLabel('Имя'), 'Анна');
  await admin.press('Enter');
  await page.waitForURL('**/welcome');
  await page.getByRole('heading', { level: 1, name: 'Первые шаги' }).waitFor();
  admin.forgive(false);

  await admin.at(page.getByRole('textbox', { name: 'Название' }).first());
  await seen(admin.page, 'nothing-steps');
  await admin.write('Лавка чая');
  await admin.press('Enter');
  await admin.at(page.getByRole('radio', { name: 'Новый оператор' }));
  await seen(admin.page, 'nothing-steps-operator');
  await admin.enter(page.getByRole('region', { name: /Первый оператор/ }).getByRole('button', { name: 'Пропустить' }));
  const widget = page.getByRole('region', { name: /Виджет на сайт/ });
  await admin.at(widget.getByRole('textbox', { name: 'Название' }));
  await seen(admin.page, 'nothing-steps-widget');
  await admin.fill(widget.getByRole('textbox', { name: 'Приветствие' }), 'Здравствуйте! Подобрать вам чай?');
  await admin.enter(widget.getByRole('button', { name: 'Создать виджет' }));
  await admin.at(page.getByRole('heading', { name: 'Почти готово' }));
  await seen(admin.page, 'nothing-steps-almost');
}

/** further goes on from the first steps to what else there is to set up. */
async function further(admin, name) {
  const { page } = admin;
  await admin.command('Первые шаги');
  const more = page.getByRole('region', { name: 'Что ещё настроить' });
  await more.waitFor();
  await admin.enter(more.getByRole('link', { name, exact: true }));
}

/** make opens a form, fills it, keeps it, and is back where it was opened. */
async function make(admin, opener, what, fill) {
  const { page } = admin;
  const open = page.getByRole('link', { name: opener, exact: true });
  await admin.enter(open);
  const form = page.getByRole('dialog', { name: opener, exact: true });
  await form.waitFor();
  await fill(form);
  if (what) await seen(admin.page, `nothing-${what}`);
  await admin.press('Enter');
  await form.waitFor({ state: 'detached' });
  await admin.at(open);
}

/** organisation makes the second group and two skills. */
async function organisation(admin) {
  const { page } = admin;
  await admin.enter(page.getByRole('region', { name: 'Что ещё настроить' }).getByRole('link', { name: 'Группы', exact: true }));
  await page.getByRole('link', { name: 'Поддержка', exact: true }).waitFor();
  await seen(admin.page, 'nothing-groups');
  await make(admin, 'Новая группа', 'group', async (form) => {
    await admin.at(form.getByRole('textbox', { name: 'Название' }));
    await admin.write('Заказы');
  });
  await page.getByRole('link', { name: 'Заказы', exact: true }).waitFor();

  await further(admin, 'Навыки и языки');
  await page.getByText('Навыков пока нет').waitFor();
  await seen(admin.page, 'nothing-no-skills');
  for (const skill of ['Возвраты', 'Опт']) {
    await make(admin, 'Новый навык', skill === 'Опт' && 'skill', async (form) => {
      await admin.at(form.getByRole('textbox', { name: 'Название' }));
      await admin.write(skill);
    });
    await page.getByRole('link', { name: skill, exact: true }).waitFor();
  }
}

/** invited makes a position and three users by it, and answers with their links. */
async function invited(admin) {
  const { page } = admin;
  await further(admin, 'Должности');
  await page.getByText('Должностей пока нет').waitFor();
  await seen(admin.page, 'nothing-no-positions');
  const opener = 'Добавить должность';
  await admin.enter(page.getByRole('link', { name: opener, exact: true }));
  const form = page.getByRole('dialog', { name: 'Новая должность' });
  await admin.at(form.getByRole('textbox', { name: 'Название' }));
  await admin.write('Оператор');
  await admin.enter(form.locator('summary').filter({ hasText: 'Роли' }));
  await admin.enter(form.getByRole('button', { name: 'Отметить обычные роли оператора' }));
  await seen(admin.page, 'nothing-position');
  for (const [list, choices] of [['Заказчики', ['Лавка чая']], ['Группы', ['Поддержка', 'Заказы']]]) {
    await admin.enter(form.locator('summary').filter({ hasText: list }));
    for (const choice of choices) await admin.tick(form.getByRole('checkbox', { name: choice }));
  }
  await admin.press('Enter');
  await form.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Оператор', exact: true }).waitFor();

  await further(admin, 'Операторы');
  await page.getByRole('table', { name: 'Пользователи' }).waitFor();
  await seen(admin.page, 'nothing-users');
  const links = [];
  for (const colleague of colleagues) links.push(await invites(admin, colleague));
  await seen(admin.page, 'nothing-users-waiting');
  return links;
}

/** invites adds a user by the position and makes the link that they come by. */
async function invites(admin, [login, first, last]) {
  const { page } = admin;
  const look = (what) => login === colleagues[0][0] && seen(page, `nothing-${what}`);
  await admin.enter(page.getByRole('link', { name: 'Добавить', exact: true }));
  const form = page.getByRole('dialog', { name: 'Новый пользователь' });
  await admin.at(form.getByRole('textbox', { name: 'Логин' }));
  await admin.write(login);
  await admin.fill(form.getByRole('textbox', { name: 'Фамилия' }), last);
  await admin.fill(form.getByRole('textbox', { name: 'Имя', exact: true }), first);
  await admin.fill(form.getByRole('combobox', { name: 'Должность' }), 'Опер');
  await page.getByRole('option', { name: 'Оператор' }).waitFor();
  await admin.press('ArrowDown');
  await admin.press('Enter');
  for (const name of [/Установить роли/, /Установить заказчиков/]) await admin.enter(form.getByRole('button', { name }));
  await admin.enter(form.locator('summary').filter({ hasText: 'Навыки' }));
  await admin.tick(form.getByRole('checkbox', { name: 'Возвраты' }));
  await look('user');
  await admin.press('Enter');
  const made = page.getByRole('dialog', { name: `${last} ${first}`, exact: true });
  await made.waitFor();
  await admin.enter(made.getByRole('button', { name: 'Пригласить' }));
  const link = page.getByRole('textbox', { name: 'Ссылка' });
  await admin.at(link);
  await look('invitation');
  const url = await link.inputValue();
  await admin.press('Escape');
  await link.waitFor({ state: 'detached' });
  await admin.at(made.getByRole('button', { name: 'Пригласить' }));
  await admin.press('Escape');
  await made.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: `${last} ${first}`, exact: true }).waitFor();
  return url;
}

/** hours makes working hours with a holiday, and lets them hold for one of the groups. */
async function hours(admin) {
  const { page } = admin;
  await further(admin, 'Рабочее время и праздники');
  await page.getByText('Календарей пока нет').waitFor();
  await seen(admin.page, 'nothing-no-hours');
  await make(admin, 'Новый календарь', '', async (form) => {
    await admin.at(form.getByRole('textbox', { name: 'Название', exact: true }));
    await admin.write('Будни');
    await admin.fill(form.getByRole('textbox', { name: 'Понедельник: с' }), '10');
    await admin.enter(form.getByRole('button', { name: 'Как в понедельник: Вт–Пт' }));
    await admin.enter(form.getByRole('button', { name: 'Добавить праздники России' }));
    await admin.enter(form.getByRole('button', { name: 'Добавить день' }));
    const day = form.getByRole('group', { name: 'день 15' });
    await day.waitFor();
    await admin.fill(form.getByRole('textbox', { name: 'Дата' }).last(), '21.05');
    await form.getByText('День чая').waitFor({ state: 'detached' });
    await admin.fill(form.getByRole('textbox', { name: 'Название дня' }).last(), 'День чая');
    await form.getByRole('group', { name: 'День чая' }).waitFor();
    await seen(admin.page, 'nothing-hours');
  });
  const holds = page.getByRole('combobox', { name: /Заказы/ });
  await admin.reach(holds);
  await admin.press('ArrowDown');
  await page.getByRole('option', { name: 'Будни' }).waitFor();
  await admin.press('ArrowDown');
  await admin.press('Enter');
  await page.getByText('Рабочее время сохранено: Заказы').first().waitFor();
  await admin.at(holds);
  await seen(admin.page, 'nothing-hours-hold');
}

/** accepts comes by the link, sets a password and signs in by it. */
async function accepts(join, [login], link) {
  const one = await join(login);
  const { page } = one;
  const look = (what) => login === colleagues[0][0] && seen(page, `nothing-${what}`);
  one.forgive(true);
  await page.goto(link);
  await one.at(page.getByLabel('Пароль', { exact: true }));
  await look('invited');
  await one.write(secret);
  await one.fill(page.getByLabel('Пароль ещё раз'), secret);
  await one.press('Enter');
  await one.at(page.getByRole('link', { name: 'Войти' }));
  await look('welcomed');
  await one.press('Enter');
  await one.at(page.getByLabel('Логин'));
  await look('signin');
  await one.write(login);
  await one.fill(page.getByLabel('Пароль', { exact: true }), secret);
  await one.press('Enter');
  await page.getByRole('button', { name: /Статус:/ }).waitFor();
  one.forgive(false);
  return one;
}

/** served is the customer, whom one of the operators answers. */
async function served(olga, anna, server) {
  const { page } = olga;
  await olga.command('«В сети»');
  await page.getByRole('button', { name: /Статус: В сети/ }).waitFor();
  await anna.page.goto(`${server.url}/demo`);
  await anna.enter(anna.page.getByRole('button', { name: 'Открыть чат' }));
  const chat = anna.page.getByRole('dialog');
  const field = chat.getByRole('textbox', { name: 'Сообщение' });
  await anna.at(field);
  await chat.getByText('Здравствуйте! Подобрать вам чай?').waitFor();
  await seen(anna.page, 'nothing-widget');
  await anna.write('Есть ли у вас улун?');
  await anna.press('Enter');

  const row = page.getByRole('navigation', { name: 'Мои обращения' }).getByRole('link').filter({ hasText: 'улун' });
  await row.waitFor();
  await seen(olga.page, 'nothing-row');
  await olga.press('Alt+u');
  await olga.at(page.getByRole('textbox', { name: 'Текст сообщения' }));
  await olga.write('Да, и очень хороший.');
  await seen(olga.page, 'nothing-answering');
  await olga.press('Control+Enter');
  await chat.getByText('Да, и очень хороший.').waitFor();
  await olga.press('Alt+q');
  const question = page.getByRole('dialog');
  await question.getByRole('button', { name: 'Завершить' }).waitFor();
  await olga.enter(question.getByRole('button', { name: 'Завершить' }));
  await question.getByText('Ответьте, чтобы завершить обращение').waitFor();
  await seen(olga.page, 'nothing-closing');
  await olga.reach(question.getByRole('radio', { name: 'Нет' }));
  await olga.press('Space');
  await olga.enter(question.getByRole('button', { name: 'Завершить' }));
  await row.waitFor({ state: 'detached' });

  const five = chat.getByRole('radio', { name: '5 из 5' });
  await five.waitFor({ state: 'attached' });
  await seen(anna.page, 'nothing-rating');
  await anna.reach(chat.getByRole('radio').first());
  await anna.press('ArrowRight', 4);
  await anna.enter(chat.getByRole('button', { name: 'Отправить оценку' }));
  await chat.getByText('Спасибо за оценку!').waitFor();
  await seen(anna.page, 'nothing-rated');
}
