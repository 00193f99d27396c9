import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { onKey } from '../../kit/commands';
import { dayAgo, dayAt } from '../../kit/day';
import { queryClient } from '../../sync';
import { addressOf, placeOf, queryOf } from './place';
import ReviewsPage from './ReviewsPage';

const ended = (id: string, name: string) => ({
  conversation_id: id, customer_name: name, account_id: 'site', kind: 'widget', center_id: 'main', test: false, operator_id: '', agent_id: 'bot', topic_id: '',
  opened_at: '2026-11-20T10:00:00Z', closed_at: '2026-11-20T11:00:00Z', state: 'closed', reviewed_by: '', labels: 0,
});

interface Talk {
  labels: Record<string, { article_id: string } | undefined>;
  reviewed: boolean;
}

let talks: Record<string, Talk>;
let calls: string[];
let refused: Response | undefined;

function talkOf(id: string) {
  const { labels, reviewed } = talks[id]!;
  const say = (message_id: string, from: string, text: string, more = {}) => ({ message_id, from, at: '2026-11-20T10:00:00Z', content: { text }, label: labels[message_id], ...more });
  return {
    conversation_id: id, customer_name: `Клиент ${id}`, kind: 'widget', phase: 'closed', closed_at: '2026-11-20T11:00:00Z', disposition: {},
    reviewed_at: reviewed ? '2026-11-21T00:00:00Z' : undefined, reviewed_by: reviewed ? 'olga' : '',
    messages: [say('m1', 'customer', 'где моя карта', { article_id: 'lost' }), say('a1', 'agent', 'Вот она', { article_id: 'lost' }), say('m2', 'customer', 'спасибо'), say('m3', 'customer', '')],
  };
}

function serve(method: string, url: string, body: string): unknown {
  const [path = '', query = ''] = url.split('?');
  const label = /conversations\/(\w+)\/messages\/(\w+)\/label/.exec(path);
  const review = /conversations\/(\w+)\/review/.exec(path);
  const talk = /conversations\/(\w+)$/.exec(path);
  if (label) {
    if (refused) return refused;
    talks[label[1]!]!.labels[label[2]!] = method === 'PUT' ? (JSON.parse(body) as { article_id: string }) : undefined;
    return '';
  }
  if (review) {
    talks[review[1]!]!.reviewed = method === 'PUT';
    return '';
  }
  if (talk) return talkOf(talk[1]!);
  switch (path) {
    case '/api/v1/reviews':
      return { items: query.includes('reviewed') ? [] : [ended('c1', 'Анна'), ended('c2', 'Борис')], next: '' };
    case '/api/v1/articles':
      return { items: [{ article_id: 'rate', identifier: 'rate', title: 'Курсы' }], total: 1 };
    case '/api/v1/articles/lost':
      return { article_id: 'lost', identifier: 'lost', title: 'Потеря карты', revision: 1 };
    case '/api/v1/articles/rate':
      return { article_id: 'rate', identifier: 'rate', title: 'Курсы', revision: 1 };
    case '/api/v1/bot/try':
      return { language: 'ru', model: 'm', no_article: 0, sure: false, items: [{ article_id: 'lost', identifier: 'lost', title: 'Потеря карты', probability: 0.9, nearest: [], parts: [] }] };
    case '/api/v1/workplace':
      return { user: { user_id: 'olga', login: 'olga' }, operators: [{ user_id: 'olga', name: 'Ольга' }], lines: [], accounts: [] };
    default:
      return new Response('{"status":404,"kind":"not_found"}', { status: 404 });
  }
}

beforeEach(() => {
  queryClient.clear();
  calls = [];
  refused = undefined;
  talks = { c1: { labels: {}, reviewed: false }, c2: { labels: {}, reviewed: false } };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? init.body : '';
    if (method !== 'GET' && !url.endsWith('/try')) calls.push(`${method} ${url.replace('/api/v1/conversations/', '')} ${body}`.trim());
    const said = serve(method, url, body);
    return said instanceof Response ? said : new Response(JSON.stringify(said));
  });
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
});

async function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <Notifications />
          <ReviewsPage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
  await screen.findByText('Показано 2 обращения');
}

const pencil = (name: RegExp) => screen.findByRole('button', { name });

// proves BT-06
describe('a conversation', () => {
  it('is labelled by the keyboard alone', async () => {
    await show('/reviews/c1');
    expect(await pencil(/^Указать запись: где моя карта/)).toHaveFocus();
    expect(await screen.findByText('Оператор ответил записью «Потеря карты»')).toBeInTheDocument();
    await userEvent.keyboard('{Enter}');
    await screen.findByRole('option', { name: /Потеря карты 90 %|Потеря карты90/ });
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(calls).toEqual(['PUT c1/messages/m1/label {"article_id":"lost"}']));
    const labelled = await pencil(/^Метка: Потеря карты\. Изменить: где моя карта/);
    await waitFor(() => expect(labelled).toHaveFocus());
    expect(screen.getByText(/Размечено 1 из 2 реплик/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /Анна.*1 метка/ })).toBeInTheDocument();
    await userEvent.keyboard('{ArrowDown}');
    expect(await pencil(/^Указать запись: спасибо/)).toHaveFocus();
  });

  it('says that no article answers, and what was said is taken back', async () => {
    await show('/reviews/c1');
    await userEvent.click(await pencil(/^Указать запись: спасибо/));
    await userEvent.click(await screen.findByRole('option', { name: 'Нет подходящей статьи' }));
    const none = await pencil(/^Метка: нет статьи/);
    none.focus();
    await userEvent.keyboard('{Delete}');
    await waitFor(() => expect(calls).toEqual(['PUT c1/messages/m2/label {"article_id":""}', 'DELETE c1/messages/m2/label']));
    await screen.findByText('Метка убрана');
    await userEvent.click(screen.getAllByRole('button', { name: 'Отменить' }).at(-1)!);
    await waitFor(() => expect(calls.at(-1)).toBe('PUT c1/messages/m2/label {"article_id":""}'));
  });

  it('keeps what it was when the server refuses, and says why', async () => {
    refused = new Response('{"status":422,"kind":"invalid","detail":"the message has no words to learn from"}', { status: 422 });
    await show('/reviews/c1');
    await userEvent.click(await pencil(/^Указать запись: спасибо/));
    await userEvent.click(await screen.findByRole('option', { name: 'Нет подходящей статьи' }));
    expect(await screen.findByText('В реплике нет слов, на которых можно учиться')).toBeInTheDocument();
    expect(screen.getByText(/Размечено 0 из 2 реплик/)).toBeInTheDocument();
  });

  it('is left as it is by Escape', async () => {
    await show('/reviews/c1');
    await userEvent.click(await pencil(/^Указать запись: спасибо/));
    await screen.findByRole('option', { name: /Курсы/ });
    await userEvent.keyboard('{Escape}');
    await waitFor(async () => expect(await pencil(/^Указать запись: спасибо/)).toHaveFocus());
    expect(calls).toEqual([]);
  });

  it('becomes «ПРОВЕРЕН» by a key, and the next one opens', async () => {
    await show('/reviews/c1');
    await screen.findByRole('heading', { level: 2, name: 'Клиент c1' });
    await userEvent.keyboard('{Control>}[Enter]{/Control}');
    await screen.findByRole('heading', { level: 2, name: 'Клиент c2' });
    expect(calls).toEqual(['PUT c1/review']);
    expect(screen.getByText('Показано 1 обращение')).toBeInTheDocument();
    await userEvent.click((await screen.findAllByRole('button', { name: 'Отменить' })).at(-1)!);
    await waitFor(() => expect(calls).toEqual(['PUT c1/review', 'DELETE c1/review']));
    await screen.findByText('Показано 2 обращения');
  });

  it('is followed by the next with Alt and an arrow', async () => {
    await show('/reviews/c1');
    await userEvent.keyboard('{Alt>}[ArrowDown]{/Alt}');
    await screen.findByRole('heading', { level: 2, name: 'Клиент c2' });
    await userEvent.keyboard('{Alt>}[ArrowUp]{/Alt}');
    await screen.findByRole('heading', { level: 2, name: 'Клиент c1' });
  });
});

describe('pure', () => {
  it('places and addresses are the same', () => {
    for (const address of ['/reviews', '/reviews/c-1?state=reviewed&line=help&from=2026-11-01&to=2026-11-02', '/reviews?account=site']) {
      const [path = '', query = ''] = address.split('?');
      expect(addressOf(placeOf(path, query))).toBe(address);
    }
  });

  it('a day is asked for from its beginning to its end', () => {
    const { from, to } = queryOf(placeOf('/reviews', 'from=2026-11-01&to=2026-11-01'));
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    expect(new Date(from).getHours()).toBe(0);
    expect(dayAt('')).toBe('');
    expect(dayAt('0002-01-01')).toBe('');
    expect(dayAgo(30, new Date(2026, 2, 2))).toBe('2026-01-31');
  });
});
