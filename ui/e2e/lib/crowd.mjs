// Customers of another system, who come through the channel API; what they are
// told comes back to it, if somebody listens.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from './test.mjs';

/** What nobody listens to. */
const nowhere = 'http://127.0.0.1:9/';

/** crowd opens the system's account and returns what writes as one of its customers. */
export async function crowd(server, { answers = nowhere, ...account } = {}) {
  const { key } = await server.call('PUT', '/api/v1/accounts/crowd', {
    kind: 'api', name: 'Приложение', center_id: 'main', routing: { line_id: 'help' }, settings: { webhook_url: answers }, ...account,
  });
  let n = 0;
  return async (id, name, text, more) => {
    n++;
    const r = await fetch(`${server.url}/channel/v1/crowd/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify({ id: `m${n}`, order: n, user: { id, name }, text, ...more }),
    });
    expect(r.ok, `${r.status} ${await r.text()}`);
  };
}

/** robots has the crowd answered by a bot that never gives up; who falls silent is let go after the time. */
export async function robots(server, silence, more) {
  const put = (path, body) => server.call('PUT', `/api/v1/${path}`, body);
  await put('articles/unsure', { identifier: 'unsure', title: 'Не понял', answers: [{ answer_id: 'a', text: 'Уточните, пожалуйста.' }] });
  await put('agents/robot', { kind: 'bot', name: 'ИИ-бот', bot: { misses: 9, unsure_article_id: 'unsure' } });
  const { revision } = await server.call('GET', '/api/v1/settings/main');
  await put('settings/main', { policy: { silence: { close_after: silence } }, revision });
  return crowd(server, { own_agents: true, agents: ['robot'], ...more });
}

/** listener takes what customers are told. heard waits until one of them was told so much. */
export async function listener() {
  const told = {};
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { data } = JSON.parse(text);
    if (data?.user_id) (told[data.user_id] ??= {})[data.message_id] = data.text; // one that is repeated counts once
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const texts = (id) => Object.values(told[id] ?? {});
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async heard(id, most) {
      for (let n = 0; texts(id).length < most; n++) {
        expect(n < 600, `${id} was told ${JSON.stringify(texts(id))}, not ${most} messages`);
        await setTimeout(50);
      }
    },
    close: () => server.closeAllConnections() ?? server.close(),
  };
}
