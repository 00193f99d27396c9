import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { onKey } from '../../kit/commands';
import { dayAgo, dayAt } from '../../kit/day';
import { queryClient, type Conversation } from '../../sync';
import HistoryPage, { type HistorySlots } from '.';
import { addressOf, fieldOf, isFiltered, placeOf, queryOf, unfiltered, usualFrom } from './place';

const found = (id: string, name: string, more = {}) => ({
  conversation_id: id, customer_id: 'k', customer_name: name, account_id: 'site', kind: 'widget', center_id: 'main', operators: ['olga'], topic_id: 'card', rating: 5,
  handled: 'by_operators', status: 'finished', test: false, opened_at: '2026-11-20T10:00:00Z', closed_at: '2026-11-20T11:00:00Z', fragment: [], ...more,
});

const fact = (name: string, value: object) => ({ [name]: value });
const events = [
  fact('conversation_opened', { at: '2026-11-20T10:00:00Z', conversation_id: 'c1', customer_id: 'k', customer_name: 'Анна', account_id: 'site', kind: 'widget', routing: { line_id: 'help' } }),
  fact('message_received', { at: '2026-11-20T10:00:01Z', message_id: 'm1', account_id: 'site', content: { text: 'Где карта?' } }),
  fact('conversation_queued', { at: '2026-11-20T10:00:02Z', turn: '1', routing: { line_id: 'help' }, since: '2026-11-20T10:00:02Z', cause: 'NEW_CONVERSATION' }),
  fact('conversation_assigned', { at: '2026-11-20T10:05:00Z', turn: '2', operator_id: 'olga' }),
  fact('message_sent', { at: '2026-11-20T10:06:00Z', message_id: 'a1', operator_id: 'olga', content: { text: 'В пути.' } }),
  fact('conversation_closed', { at: '2026-11-20T11:00:00Z', turn: '2', cause: 'OPERATOR_CHOICE', operator_id: 'olga' }),
];

let asked: string[];
let figures: object[];
let days: { date: string; count: number }[];

function serve(path: string, query: URLSearchParams): unknown {
  switch (path) {
    case '/api/v1/history/days':
      return { days, total: days.reduce((n, d) => n + d.count, 0) };
    case '/api/v1/history':
      return query.get('date') === '2026-11-20'
        ? { items: [found('c1', 'Анна', { fragment: [{ text: 'Где ', hit: false }, { text: 'карта', hit: true }] }), found('c2', 'Борис', { status: 'reviewed' })], next: '' }
        : { items: [found('c3', 'Вера', { forgotten: { at: '2026-12-20T02:00:00Z', days: 30, messages: 2, files: 0 } })], next: '' };
    case '/api/v1/conversations/c3/events':
      return { items: [...events, fact('conversation_forgotten', { at: '2026-12-20T02:00:00Z', by: 'retention', days: 30 })].map((e, i) => ({ version: i + 1, fact: e })), next: 0 };
    case '/api/v1/conversations/c1/events':
    case '/api/v1/conversations/c2/events':
      return { items: events.map((e, i) => ({ version: i + 1, fact: e })), next: 0 };
    case '/api/v1/conversations/c1':
    case '/api/v1/conversations/c2':
    case '/api/v1/conversations/c3':
      return {
        opened_at: '2026-11-20T10:00:00Z', closed_at: '2026-11-20T11:00:00Z', disposition: { closed_by: 'olga' },
        timings: { close_seconds: 3600, wait_seconds: 298, first_response_seconds: 358 },
      };
    case '/api/v1/conversations/c1/moment':
      return {
        at: query.get('at'), version: 3, phase: 'waiting', handler: 'queue', handler_id: 'help', since: '2026-11-20T10:00:02Z', topic_id: '',
        timers: [{ name: 'response', due: '2026-11-20T10:10:00Z' }], place: { line_id: 'help', place: 2, of: 7 },
      };
    case '/api/v1/statistics/definitions':
      return { everywhere: { ru: '', en: '' }, items: figures };
    case '/api/v1/workplace':
      return {
        user: { user_id: 'olga', login: 'olga' }, operators: [{ user_id: 'olga', name: 'Ольга' }], lines: [{ line_id: 'help', name: 'Помощь' }], accounts: [],
        topics: [{ topic_id: 'card', name: 'Карты' }],
      };
    default:
      return new Response('{"status":404,"kind":"not_found"}', { status: 404 });
  }
}

beforeEach(() => {
  queryClient.clear();
  asked = [];
  figures = [];
  days = [{ date: '2026-11-20', count: 2 }, { date: '2026-11-19', count: 1 }];
  vi.stubGlobal('fetch', async (url: string) => {
    const [path = '', query = ''] = url.split('?');
    asked.push(url);
    const said = serve(path, new URLSearchParams(query));
    return said instanceof Response ? said : new Response(JSON.stringify(said));
  });
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
});

const said = (c: Conversation) => c.items.flatMap((item) => (item.is === 'message' ? [item.message.content.text] : [])).join(' | ');
const slots: HistorySlots = {
  thread: (c) => <output aria-label="thread">{`${c.phase}: ${said(c)}`}</output>, previous: () => 'previous', customer: () => 'customer', markup: () => 'markup', sessions: () => 'sessions',
};

async function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <Notifications />
          <HistoryPage slots={slots} />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

// proves HS-01, HS-02
describe('the address', () => {
  it('opens on the last month and keeps every filter', () => {
    expect(queryOf(placeOf('/history', '')).from).toBe(dayAt(dayAgo(30)));
    const place = { ...placeOf('/history', ''), text: 'карта', operator: ['olga', ''], rating: ['0'], by: 'closed', counted: 'yes', figure: 'pairs', from: '', to: '2026-11-20', open: 'a/b', tab: 'previous' as const };
    const address = addressOf(place);
    const [path = '', query = ''] = address.split('?');
    expect(placeOf(path, query)).toEqual(place);
    expect(queryOf(place)).toMatchObject({ text: 'карта', from: '1970-01-02T00:00:00Z', to: dayAt('2026-11-20', 1), by: 'closed', rating: ['0'], operator: ['olga', ''], figure: 'pairs' });
    expect(isFiltered(place)).toBe(true);
    expect(addressOf({ ...place, ...unfiltered(), open: '' })).toBe('/history');
    expect(placeOf('/history', '').from).toBe(usualFrom());
    const moments = placeOf('/history', '?from=2026-11-23T06%3A15%3A00.500Z&to=2026-11-23T06%3A30%3A00Z&kind=telegram&language=ru');
    expect(queryOf(moments)).toMatchObject({ from: '2026-11-23T06:15:00.500Z', to: '2026-11-23T06:30:00.000Z', kind: ['telegram'], language: ['ru'] });
    expect(Date.parse(fieldOf(moments.to))).toBe(Date.parse(moments.to));
  });
});

// proves HS-05
describe('a conversation whose time was over', () => {
  it('says that its text was removed, in the list and in its place, and keeps its timings', async () => {
    days = [{ date: '2026-11-19', count: 1 }];
    await show('/history/c3');
    expect(await screen.findByRole('link', { name: /Вера.*Текст удалён по сроку хранения/ })).toBeInTheDocument();
    expect(await screen.findByText(/Сообщения и файлы удалены .*20/)).toBeInTheDocument();
    expect(screen.queryByLabelText('thread')).toBeNull();
    expect(await screen.findByText('Тайминги')).toBeInTheDocument();
  });
});

// proves HS-02, HS-03
describe('what was found', () => {
  it('is grouped by day, and a day unfolds', async () => {
    await show('/history');
    expect(await screen.findByText('Найдено 3 обращения')).toBeInTheDocument();
    const first = await screen.findByRole('link', { name: /Анна.*Ольга.*Карты/ });
    expect(within(first).getByText('карта').tagName).toBe('MARK');
    expect(screen.queryByText('Вера')).toBeNull();
    const older = screen.getByRole('button', { name: /19/ });
    expect(older).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(older);
    expect(await screen.findByText('Вера')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Скачать все найденные обращения текстовым файлом' })).toHaveAttribute('href', expect.stringContaining('/api/v1/history/export?'));
  });

  it('is looked for by words a moment after the last key', async () => {
    await show('/history');
    const words = await screen.findByRole('searchbox', { name: 'Текст сообщения' });
    for (const value of ['ка', 'кар', 'карта']) fireEvent.change(words, { target: { value } });
    await waitFor(() => expect(asked.some((url) => url.includes('/days') && url.includes(encodeURIComponent('карта')))).toBe(true));
    expect(asked.some((url) => url.includes(`text=${encodeURIComponent('кар')}&`))).toBe(false);
    expect(location.search).toContain('text=');
  });

  it('says what to do where nothing is', async () => {
    days = [];
    await show('/history?text=x');
    expect(await screen.findByText('Ничего не найдено')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Сбросить' }));
    expect(await screen.findByText('За последний месяц завершённых обращений нет')).toBeInTheDocument();
  });
});

// proves HS-01, G40
describe('the filters', () => {
  const definition = (id: string, ru: string) => ({ id, name: { ru, en: id }, unit: 'answers', average: false, formula: { ru, en: id }, edges: { ru: '', en: '' } });

  it('take several values, those that have none too, and show what a link of the statistics means', async () => {
    figures = [definition('total', 'Всего обращений'), definition('pairs', 'Пар «вопрос — ответ»')];
    await show('/history?by=closed&counted=yes&figure=pairs&topic=card&topic=&from=2026-11-01');
    await screen.findByText('Найдено 3 обращения');
    expect(screen.getByRole('button', { name: 'Меньше фильтров' })).toBeInTheDocument();
    await waitFor(() => expect(screen.getByLabelText('Показатель', { selector: 'input' })).toHaveValue('Пар «вопрос — ответ»'));
    expect(screen.getByLabelText('Учёт в статистике', { selector: 'input' })).toHaveValue('Учитываются');
    const told = new URL(asked.find((url) => url.includes('/history/days'))!, location.origin).searchParams;
    expect([told.getAll('topic'), told.get('figure'), told.get('counted'), told.getAll('operator')]).toEqual([['card', ''], 'pairs', 'yes', []]);
    await userEvent.click(screen.getByLabelText('Оператор', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Без оператора' }));
    expect(new URLSearchParams(location.search).getAll('operator')).toEqual(['']);
    await userEvent.click(screen.getByLabelText('Учёт в статистике', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Не учитываются' }));
    const now = new URLSearchParams(location.search);
    expect([now.get('counted'), now.get('figure')]).toEqual(['no', null]);
  });
});

// proves HS-03, HS-04
describe('a conversation', () => {
  it('is read with its timings, and the next one opens by the keyboard', async () => {
    await show('/history/c1');
    expect(await screen.findByRole('status', { name: 'thread' })).toHaveTextContent('closed: Где карта? | В пути.');
    const facts = screen.getByRole('complementary', { name: 'О диалоге' });
    expect(await within(facts).findByText('5 мин 58 с')).toBeInTheDocument();
    expect(within(facts).getByText('Помощь')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Скачать этот диалог текстовым файлом' })).toHaveAttribute('href', expect.stringMatching(/^\/api\/v1\/conversations\/c1\/text\?lang=ru/));
    await screen.findByRole('link', { name: /Борис/ });
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await waitFor(() => expect(location.pathname).toBe('/history/c2'));
  });

  it('is shown as it stood at any moment', async () => {
    await show('/history/c1');
    await userEvent.click(await screen.findByRole('button', { name: 'Машина времени' }));
    const slider = screen.getByRole('slider', { name: 'Момент диалога' });
    fireEvent.change(slider, { target: { value: String(Date.parse('2026-11-20T10:02:00Z')) } });
    expect(screen.getByRole('status', { name: 'thread' })).toHaveTextContent('waiting: Где карта?');
    expect(await screen.findByText('2 из 7')).toBeInTheDocument();
    expect(screen.getByText('Помощь, уже 1 мин 58 с')).toBeInTheDocument();
    expect(screen.getByText('Ответ оператора: осталось 8 мин')).toBeInTheDocument();
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(slider).toHaveValue(String(Date.parse('2026-11-20T10:05:00Z')));
    expect(screen.getByRole('status', { name: 'thread' })).toHaveTextContent('served: Где карта?');
  });
});
