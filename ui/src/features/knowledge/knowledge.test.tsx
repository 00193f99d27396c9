import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { navigate } from 'wouter/use-browser-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import KnowledgePage from './KnowledgePage';

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
  ifMatch: string | null;
}

/** A server as small as can be: what it answers, by method and path, and what it was asked. */
let answers: Record<string, (call: Call) => unknown>;
let calls: Call[];

const refuse = (status: number, problem: object) => new Response(JSON.stringify({ status, ...problem }), { status });
const mark = { revision: 3, by: 'olga', at: '2026-05-01T10:00:00Z' };
const menu = { article_id: 'menu', identifier: 'menu', title: 'Меню', type_id: 'qa', questions: ['что вы умеете'], policy: 'ALL_ANSWERS', answers: [{ answer_id: '1', text: 'Многое' }], ...mark };
const speed = { slot_id: 'speed', identifier: 'speed', name: 'Скорость', type: 'DICTIONARY', kind: 'ASKED', question: { text: 'Быстро?' }, entries: [{ id: 'good', caption: 'Да' }], ...mark };

beforeEach(() => {
  queryClient.clear();
  calls = [];
  answers = {
    'GET /api/v1/workplace': () => ({ user: { user_id: 'olga', login: 'olga' }, operators: [{ user_id: 'petr', name: 'Пётр Смирнов' }], topics: [], lines: [] }),
    'GET /api/v1/articles': () => ({ items: [{ ...menu, questions: 1, answers: 1 }], total: 31 }),
    'GET /api/v1/articles/menu': () => menu,
    'PUT /api/v1/articles/menu': ({ body }) => ({ ...menu, ...body, revision: 4 }),
    'GET /api/v1/slots/speed': () => speed,
    'GET /api/v1/slots': () => ({ items: [speed] }),
    'GET /api/v1/article-types': () => ({ items: [{ type_id: 'qa', identifier: 'QA', name: 'Вопрос — ответ', ...mark }] }),
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const path = url.split('?')[0] ?? '';
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Call['body']) : {};
    const call = { method, path: url, body, ifMatch: new Headers(init.headers).get('If-Match') };
    calls.push(call);
    const said = answers[`${method} ${path}`]?.(call);
    if (said instanceof Response) return said;
    return said === undefined ? refuse(404, { kind: 'not_found' }) : new Response(JSON.stringify(said));
  });
});

const asked = (method: string) => calls.filter((c) => c.method === method);

async function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <Notifications />
          <KnowledgePage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

const field = (name: RegExp | string) => screen.findByRole('textbox', { name });
const press = async (name: RegExp | string) => userEvent.click(await screen.findByRole('button', { name }));

// proves KB-02
describe('the table', () => {
  it('marks the column that it is sorted by, and asks the server for it', async () => {
    await show('/knowledge/articles');
    await screen.findByRole('link', { name: 'menu' });
    await press('Название');
    await waitFor(() => expect(screen.getByRole('columnheader', { name: /Название/ })).toHaveAttribute('aria-sort', 'ascending'));
    await press(/Название/);
    await waitFor(() => expect(screen.getByRole('columnheader', { name: /Название/ })).toHaveAttribute('aria-sort', 'descending'));
    expect(location.search).toBe('?sort=-title');
    expect(asked('GET').at(-1)?.path).toContain('sort=title&order=desc&limit=10&offset=0');
  });

  it('marks the page, and goes to the next and back', async () => {
    await show('/knowledge/articles?page=2');
    expect(await screen.findByRole('button', { name: 'Страница 2' })).toHaveAttribute('aria-current', 'page');
    await press('Следующая');
    await waitFor(() => expect(location.search).toBe('?page=3'));
    await press('Предыдущая');
    await waitFor(() => expect(location.search).toBe('?page=2'));
  });

  it('searches while one types', async () => {
    await show('/knowledge/articles?page=2');
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Поиск записи' }), 'мен');
    await waitFor(() => expect(location.search).toBe('?search=%D0%BC%D0%B5%D0%BD'));
    await waitFor(() => expect(calls.some((c) => c.path.includes('query=%D0%BC%D0%B5%D0%BD') && c.path.includes('offset=0'))).toBe(true));
  });

  it('opens a record wherever its row is pressed', async () => {
    await show('/knowledge/articles');
    await userEvent.click(await screen.findByText('Меню'));
    await waitFor(() => expect(location.pathname).toBe('/knowledge/articles/menu'));
  });
});

// proves KB-03, KB-08
describe('an article', () => {
  it('without an identifier is refused with the reason, and the focus goes there', async () => {
    await show('/knowledge/articles/new');
    await press('Создать');
    const identifier = await field(/^Идентификатор/);
    expect(identifier).toHaveFocus();
    expect(identifier).toHaveAccessibleDescription('Введите идентификатор');
    expect(await screen.findByRole('alert')).toHaveTextContent('Создать не удалось. Введите идентификатор.');
    expect(asked('PUT')).toEqual([]);
  });

  it('is created with all that was entered, and then has an address', async () => {
    await show('/knowledge/articles/new');
    await userEvent.type(await field(/^Идентификатор/), 'сроки');
    await userEvent.type(await field('Новый вопрос'), 'Когда привезут?{Enter}');
    (await field('Новый вопрос')).focus();
    await userEvent.paste('Где заказ?\nкогда привезут?\n\nГде курьер?\n');
    await userEvent.type(await field('Текст ответа'), 'Завтра');
    const path = /^PUT \/api\/v1\/articles\//;
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      if (path.test(`${init.method} ${url}`)) answers[`PUT ${url}`] = ({ body }) => ({ ...body, article_id: url.split('/').at(-1), ...mark });
      return real(url, init);
    });
    await press('Создать');
    await screen.findByText('«сроки»: создано');
    expect(asked('PUT')[0]?.body).toMatchObject({ identifier: 'сроки', questions: ['Когда привезут?', 'Где заказ?', 'Где курьер?'], answers: [{ text: 'Завтра' }] });
    expect(asked('PUT')[0]?.body.revision).toBeUndefined();
    expect(location.pathname).toMatch(/^\/knowledge\/articles\/(?!new)/);
  });

  it('shows a refusal of the server at its field, in Russian', async () => {
    answers['PUT /api/v1/articles/menu'] = () => refuse(422, { kind: 'invalid', field: 'identifier', detail: 'the identifier "menu2" belongs to another article' });
    await show('/knowledge/articles/menu');
    await userEvent.type(await field(/^Идентификатор/), '2');
    await press('Сохранить');
    await waitFor(async () => expect(await field(/^Идентификатор/)).toHaveAccessibleDescription('Идентификатор «menu2» занят другой записью.'));
    expect(await field(/^Идентификатор/)).toHaveFocus();
    await userEvent.type(await field(/^Идентификатор/), '3');
    expect(await field(/^Идентификатор/)).toBeValid();
  });

  it('cannot be saved as it is kept already', async () => {
    await show('/knowledge/articles/menu');
    expect(await screen.findByRole('button', { name: 'Сохранить' })).toBeDisabled();
    await userEvent.type(await field('Название'), '!');
    await press('Сохранить');
    await screen.findByText('«Меню!»: изменения сохранены');
    expect(asked('PUT')[0]?.body).toMatchObject({ title: 'Меню!', revision: 3 });
    await waitFor(() => expect(screen.getByRole('button', { name: 'Сохранить' })).toBeDisabled());
  });

  it('that somebody else saved meanwhile is compared, and one of both stays', async () => {
    await show('/knowledge/articles/menu');
    await userEvent.type(await field('Название'), ' дня');
    answers['PUT /api/v1/articles/menu'] = () => refuse(409, { kind: 'conflict', detail: 'the article has changed' });
    answers['GET /api/v1/articles/menu'] = () => ({ ...menu, title: 'Меню ночи', by: 'petr', revision: 7 });
    await press('Сохранить');
    await press('Сравнить');
    const dialog = within(await screen.findByRole('dialog', { name: /Пётр Смирнов/ }));
    dialog.getByText('ночи');
    dialog.getByText('дня');
    answers['PUT /api/v1/articles/menu'] = ({ body }) => ({ ...menu, ...body, revision: 8 });
    await userEvent.click(dialog.getByRole('button', { name: 'Сохранить моё поверх' }));
    await screen.findByText('«Меню дня»: изменения сохранены');
    expect(asked('PUT').at(-1)?.body).toMatchObject({ title: 'Меню дня', revision: 7 });
  });

  it('is not left unsaved without a question', async () => {
    await show('/knowledge/articles/menu');
    await userEvent.type(await field('Название'), '!');
    await userEvent.click(screen.getByRole('link', { name: 'К записям базы знаний' }));
    await userEvent.click(within(await screen.findByRole('dialog', { name: 'Уйти без сохранения?' })).getByRole('button', { name: 'Отмена' }));
    expect(location.pathname).toBe('/knowledge/articles/menu');
    expect(await field('Название')).toHaveValue('Меню!');
    await userEvent.click(screen.getByRole('link', { name: 'К записям базы знаний' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Уйти' }));
    await waitFor(() => expect(location.pathname).toBe('/knowledge/articles'));
  });

  it('is found among the deleted ones, and brought back', async () => {
    const gone = { kind: 'articles', id: 'old', identifier: 'old', title: 'Старое меню', type_id: '', revision: 4, removed: '2026-01-02T10:00:00Z', by: 'olga' };
    let left = [gone, { ...gone, kind: 'slots', title: 'Город', identifier: 'city', revision: 9 }];
    answers['GET /api/v1/knowledge/removed'] = () => ({ items: left, total: left.length });
    answers['POST /api/v1/articles/old/restore'] = () => {
      left = left.slice(1);
      return { ...menu, article_id: 'old', revision: 6 };
    };
    answers['POST /api/v1/slots/old/restore'] = () => {
      left = [];
      return {};
    };
    await show('/knowledge/articles');
    await press('Удалённые');
    await userEvent.click(await screen.findByRole('button', { name: 'Вернуть «Старое меню»' }));
    await screen.findByText('«Старое меню»: снова здесь');
    await waitFor(() => expect(screen.queryByText(/^запись old/)).toBeNull());
    expect(screen.getByText(/^слот city · /)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Вернуть «Город»' }));
    await screen.findByText('Удалённых записей нет.');
    expect(asked('POST').map(({ body }) => body)).toEqual([{ revision: 4 }, { revision: 9 }]);
  });

  it('is deleted after a question, and comes back', async () => {
    answers['DELETE /api/v1/articles/menu'] = () => ({});
    answers['POST /api/v1/articles/menu/restore'] = () => ({ ...menu, revision: 5 });
    await show('/knowledge/articles/menu');
    await press('Удалить');
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Удалить' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Отменить' }));
    await screen.findByText('«Меню»: снова здесь');
    expect(asked('POST')[0]?.body).toEqual({ revision: 3 });
    expect(location.pathname).toBe('/knowledge/articles');
  });
});

// proves KB-04, KB-05, SL-06
describe('an answer', () => {
  it('has conditions on slots, whose values are chosen', async () => {
    await show('/knowledge/articles/menu');
    await press(/^Условия/);
    await press('Добавить условие');
    await userEvent.click(await screen.findByRole('combobox', { name: 'Значение' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Да' }));
    await press('Сохранить');
    await screen.findByText('«Меню»: изменения сохранены');
    expect(asked('PUT')[0]?.body.answers).toEqual([{ answer_id: '1', text: 'Многое', conditions: [{ all: [{ slot_id: 'speed', comparison: 'EQUAL', value: 'good' }] }] }]);
  });

  it('has buttons, found by a search that fills both fields; to delete one is asked about', async () => {
    await show('/knowledge/articles/menu');
    await press('Добавить кнопку');
    await userEvent.type(await screen.findByRole('combobox', { name: 'Идентификатор или название записи' }), 'ме');
    await userEvent.click(await screen.findByRole('option', { name: /Меню/ }));
    expect(await field('Текст кнопки')).toHaveValue('Меню');
    await press('Показать запись «Меню»');
    within(await screen.findByRole('dialog', { name: 'Меню' })).getByText('Многое');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await press('Удалить кнопку «Меню»');
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Удалить' }));
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Текст кнопки' })).toBeNull());
  });

  it('moves among the answers, and goes without a question only if it says nothing', async () => {
    await show('/knowledge/articles/menu');
    await press('Добавить ответ');
    const second = within(await screen.findByRole('group', { name: 'Ответ 2' }));
    await userEvent.type(second.getByRole('textbox', { name: 'Текст ответа' }), 'Второй');
    await press('Выше: Ответ 2');
    expect(within(screen.getByRole('group', { name: 'Ответ 1' })).getByRole('textbox', { name: 'Текст ответа' })).toHaveValue('Второй');
    await press('Удалить: Ответ 1');
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Удалить' }));
    await waitFor(() => expect(screen.queryByRole('group', { name: 'Ответ 2' })).toBeNull());
    expect(await field('Текст ответа')).toHaveValue('Многое');
  });

  it('has links to documents, with http alone', async () => {
    await show('/knowledge/articles/menu');
    const link = await screen.findByRole('textbox', { name: 'Ссылка на документ' });
    await userEvent.type(link, 'javascript:alert(1)');
    await press('Прикрепить');
    expect(link).toHaveAccessibleDescription(/https/);
    await userEvent.clear(link);
    await userEvent.type(link, 'https://shop.example/docs/тарифы.pdf{Enter}');
    await screen.findByRole('link', { name: 'тарифы.pdf' });
  });
});

// proves SL-01, SL-02, SL-04: a slot has all that the manual names.
describe('a slot', () => {
  it('of a dictionary has unique values, and asks and confirms', async () => {
    await show('/knowledge/slots/speed');
    await press('Добавить значение');
    await userEvent.type(await field('Идентификатор, значение 2'), 'good');
    await userEvent.type(await field('Значение, значение 2'), 'Нет');
    await userEvent.type(await field('Текст вопроса при заполненном слоте'), 'Вы сказали {{value}. Верно?');
    await press('Сохранить');
    expect(await field('Идентификатор, значение 2')).toHaveAccessibleDescription('Такой идентификатор уже есть');
    expect(asked('PUT')).toEqual([]);
    answers['PUT /api/v1/slots/speed'] = ({ body }) => ({ ...speed, ...body, revision: 4 });
    await userEvent.type(await field('Идентификатор, значение 2'), '2');
    await press('Сохранить');
    await screen.findByText('«Скорость»: изменения сохранены');
    expect(asked('PUT')[0]?.body).toMatchObject({ entries: [{ id: 'good', caption: 'Да' }, { id: 'good2', caption: 'Нет' }], confirmation: { text: 'Вы сказали {value}. Верно?' } });
  });

  it('is tried out by the server while its pattern is written', async () => {
    answers['GET /api/v1/slots/speed'] = () => ({ ...speed, type: 'CAPTURE', entries: [], pattern: '(\\d+)' });
    answers['POST /api/v1/knowledge/try-slot'] = ({ body }) => (String(body.text).includes('7') ? { ok: true, value: '7', caption: '7' } : { ok: false });
    await show('/knowledge/slots/speed');
    const example = await field('Проверить на примере');
    await userEvent.type(example, 'нет');
    await screen.findByText('Такой ответ не подойдёт');
    await userEvent.type(example, ' 7');
    await screen.findByText('Значение: 7');
    expect(asked('POST').at(-1)?.body).toMatchObject({ text: 'нет 7', slot: { type: 'CAPTURE', pattern: '(\\d+)' } });
  });

  it('in use is not deleted, and says why', async () => {
    answers['DELETE /api/v1/slots/speed'] = () => refuse(409, { kind: 'conflict', detail: 'slot "speed" is in use by article "menu"' });
    await show('/knowledge/slots/speed');
    await press('Удалить');
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Удалить' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/Удалить не удалось/);
    expect(location.pathname).toBe('/knowledge/slots/speed');
  });
});

describe('a page', () => {
  it('is what its address says, also after going back', async () => {
    await show('/knowledge/types');
    await screen.findByText('Вопрос — ответ');
    navigate('/knowledge/slots');
    await screen.findByText('Скорость');
    history.replaceState(null, '', '/knowledge/articles/nothing');
    await screen.findByText('Такой записи нет');
  });
});
