// A server of one's own: built once, started on a free port in a folder that
// goes away, set up by the same REST calls that an administrator's screens make.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

const root = join(import.meta.dirname, '..', '..', '..');
let binary = process.env.CRAFTTALK_BINARY ?? '';

/** binaryOf returns the path of the server, which is built at the first call. */
export function binaryOf() {
  if (!binary) {
    const folder = mkdtempSync(join(tmpdir(), 'crafttalkd-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    binary = join(folder, 'crafttalkd');
    execFileSync('go', ['build', '-o', binary, './cmd/crafttalkd'], { cwd: root, stdio: 'inherit' });
  }
  return binary;
}

export const password = 'правильная лошадь 42';
/** A phrase after which the hold begins. */
export const pattern = 'Минуту, уточняю.';

/** A port that nobody listens on, for addresses that are known before the server. */
export const freePort = () => new Promise((resolve) => {
  const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)); });
});

/** startServer runs a server: a fresh one, or over data that are there; nobody may sign in to the first. */
export async function startServer({ listen = '127.0.0.1:0', data, first = !data, args = [] } = {}) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'crafttalkd-data-'));
  const child = spawn(binaryOf(), ['serve', '--data', folder, '--listen', listen, '--quiet', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  let url = '';
  let code = '';
  for await (const line of lines) {
    url = /serves (http:\S+)/.exec(line)?.[1] ?? url;
    code = /setup\?code=(\S+)/.exec(line)?.[1] ?? code;
    if (url && (code || !first)) break;
  }
  for (let n = 0; ; n++) {
    const ready = await fetch(`${url}/readyz`).then((r) => r.ok, () => false);
    if (ready) break;
    if (n > 400) throw new Error('the server does not become ready');
  }
  return new Server(url, code, child, folder);
}

export class Server {
  #token = '';

  constructor(url, code, child, folder) {
    Object.assign(this, { url, code, child, folder });
  }

  /** setUp makes the administrator «admin». */
  async setUp() {
    const done = await this.call('POST', '/api/v1/setup', {
      code: this.code, login: 'admin', password, first_name: 'Анна', last_name: 'Главная',
    });
    this.#token = done.token;
  }

  async call(method, path, body) {
    const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    const told = body === undefined ? { method, headers } : {
      method, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    };
    const r = await fetch(this.url + path, told);
    const text = await r.text();
    if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** keep uploads a file of the knowledge base, and names it as articles do. */
  async keep({ name, mimeType, buffer }) {
    const headers = { Authorization: `Bearer ${this.#token}`, 'Content-Type': mimeType };
    const r = await fetch(`${this.url}/api/v1/knowledge/files?name=${encodeURIComponent(name)}`, { method: 'POST', headers, body: buffer });
    if (!r.ok) throw new Error(`upload ${name}: ${r.status} ${await r.text()}`);
    const { blob, mime } = await r.json();
    return { attachment_id: blob.slice(0, 20), name, blob, mime };
  }

  /** furnish makes a center with two lines, two operators, topics, templates, hold phrases, and a widget. */
  async furnish() {
    const put = (path, body) => this.call('PUT', `/api/v1/${path}`, body);
    await put('centers/main', { name: 'Лавка', time_zone: 'Europe/Moscow' });
    await put('lines/help', { name: 'Поддержка', center_id: 'main' });
    await put('lines/orders', { name: 'Заказы', center_id: 'main' });
    await put('topics/delivery', { name: 'Доставка' });
    await put('topics/late', { name: 'Опоздание', parent_id: 'delivery' });
    await put('topics/payment', { name: 'Оплата' });
    await put('templates/hello', { title: 'Приветствие', text: 'Здравствуйте! Чем могу помочь?' });
    await put('templates/thanks', { title: 'Благодарность', text: 'Спасибо, что написали нам.' });
    await put('phrases/wait', { text: 'Минуту, уточняю.' });
    await put('phrases/soon', { text: 'Ответ почти готов, не уходите.' });
    await put('accounts/site', {
      kind: 'widget', name: 'Сайт', center_id: 'main', routing: { line_id: 'help' }, settings: {},
    });
    await put('settings/main', {
      policy: {
        join_text: '',
        hold: { patterns: [pattern], operator_timeout: '120s', operator_text: 'Мы всё ещё уточняем.', customer_timeout: '600s', customer_text: 'Ждём вашего ответа.' },
      },
      timer: { count: 'down', minutes: 5, marks: [{ seconds: 60, tone: 'warning' }, { seconds: 0, tone: 'danger' }] },
      form: { fields: [
        { name: 'lname', label: 'Фамилия', kind: 'text' }, { name: 'fname', label: 'Имя', kind: 'text', required: true },
        { name: 'phone', label: 'Телефон', kind: 'phone' }, { name: 'email', label: 'E-mail', kind: 'email' },
      ] },
    });
    const roles = ['login', 'view_client', 'view_clients', 'modify_clients', 'view_reroute_btn', 'send_files', 'send_pics',
      'view_kb', 'view_deeplinking', 'change_password', 'modify_user_dissatisfaction', 'view_helpdesk', 'modify_ext_id'];
    for (const [id, first, last] of [['olga', 'Ольга', 'Иванова'], ['petr', 'Пётр', 'Смирнов']]) {
      await put(`users/${id}`, {
        login: id, password, first_name: first, last_name: last, roles,
        center_ids: ['main'], line_ids: ['help', 'orders'], languages: [], skills: [], capacity: 5,
      });
    }
  }

  async stop() {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** again starts a killed server anew: the same data, the same address. */
  async again() {
    const next = await startServer({ listen: new URL(this.url).host, data: this.folder });
    this.child = next.child;
  }

  /** kill ends the server as a power cut would, and keeps its data. */
  async kill() {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
