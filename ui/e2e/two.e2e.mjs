// Two operators and three customers at once: everybody reads what is theirs, each
// word once and in order, whatever tabs and reloads do.
import { expect, test } from './lib/test.mjs';
import { world } from './lib/world.mjs';

const names = ['Анна', 'Борис', 'Вера'];
const rounds = [1, 2, 3, 4];

test('two operators, three customers', () => world(async ({ operator, customer, server }) => {
  const operators = await Promise.all([operator('olga'), operator('petr')]);
  await Promise.all(operators.map((o) => o.enterWork()));
  const customers = [];
  for (const name of names) {
    const c = await customer(name);
    await c.come();
    await c.write(`${name}: начало`);
    customers.push(c);
  }
  const served = await Promise.all(names.map((name) => whoServes(operators, name)));
  expect(new Set(served).size === 2, 'one operator got all three while the other was free');

  await interleave(customers, operators, served);
  for (const [i, c] of customers.entries()) {
    const mine = expected(names[i]);
    for (const word of mine) await c.bubble(word).first().waitFor();
    same(c.who, inOrder(await c.dialog.getByRole('listitem').allTextContents(), names), mine);
    await served[i].open(names[i]);
    for (const word of mine) await served[i].bubble(word).first().waitFor();
    same(`${served[i].who} of ${c.who}`, inOrder(await served[i].said(), names), mine);
  }
  await tabs(customers[0], served[0]);
  await why(operators, server);
}));

/** All write at the same time; operators go from one to another with a draft left behind. */
async function interleave(customers, operators, served) {
  for (const n of rounds) {
    await Promise.all(customers.map((c) => c.write(`${c.who}: вопрос ${n}`)));
    await Promise.all(operators.map(async (o) => {
      for (const [i, name] of names.entries()) {
        if (served[i] !== o) continue;
        await o.open(name);
        await o.bubble(`${name}: вопрос ${n}`).waitFor();
        const left = await o.field.inputValue();
        expect(left === (n === 1 ? '' : `${name}: черновик`), `${o.who} finds «${left}» in the field of ${name}`);
        await o.write(`${name}: ответ ${n}`);
        await o.bubble(`${name}: ответ ${n}`).waitFor();
        await o.field.fill(`${name}: черновик`);
      }
    }));
  }
}

/** The customer's page is loaded anew, and opened once more. */
async function tabs(c, o) {
  await c.page.reload();
  for (const word of expected(c.who)) await c.bubble(word).first().waitFor();
  const second = await c.context.newPage();
  await c.come(second);
  await second.getByRole('dialog').getByRole('textbox', { name: 'Сообщение' }).fill(`${c.who}: из второй`);
  await second.keyboard.press('Enter');
  await o.open(c.who);
  for (const place of [c.bubble('из второй'), second.getByRole('dialog').getByRole('listitem').filter({ hasText: 'из второй' }), o.bubble('из второй')]) {
    await place.waitFor();
    expect((await place.count()) === 1, `${place} is there ${await place.count()} times`);
  }
  same(`${c.who} after a reload`, inOrder(await c.dialog.getByRole('listitem').allTextContents(), [c.who]), [...expected(c.who), `${c.who}: из второй`]);
}

/** Why this operator: it is told in the thread. RT-08. */
async function why([o]) {
  await o.open(await o.list.getByRole('link').first().locator('span').filter({ hasText: /^(Анна|Борис|Вера)$/ }).first().textContent());
  await o.page.getByRole('button', { name: 'Почему этот оператор?' }).first().click();
  await o.page.getByRole('region', { name: 'Почему так назначено' }).waitFor();
  await o.page.getByText('Получил обращение').waitFor();
}

const expected = (name) => [`${name}: начало`, ...rounds.flatMap((n) => [`${name}: вопрос ${n}`, `${name}: ответ ${n}`])];

/** The test's own words in the texts of bubbles, as they stand. */
const inOrder = (texts, of) => texts.join('\n').match(new RegExp(`(${of.join('|')}): (начало|вопрос \\d|ответ \\d|из второй)`, 'g')) ?? [];

function same(who, seen, wanted) {
  expect(seen.join() === wanted.join(), `${who} sees\n  ${seen}\nand not\n  ${wanted}`);
}

async function whoServes(operators, name) {
  return Promise.any(operators.map(async (o) => {
    await o.row(name).waitFor();
    return o;
  }));
}
