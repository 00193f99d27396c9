import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import type { Bar, Statistics } from '../../sync/statistics';
import StatisticsPage from './StatisticsPage';

vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ may: () => true }) }));

// The test's browser draws nothing: what a chart was given is what matters, and that its places can be pressed.
vi.mock('./Chart', () => ({
  default: ({ option, onPick }: { option: { aria: { label: { description: string } } }; onPick: (at: number) => void }) => (
    <div role="img" aria-label={option.aria.label.description}>
      <button tabIndex={-1} onClick={() => onPick(0)}>{`сектор: ${option.aria.label.description}`}</button>
    </div>
  ),
}));

const bar = (value: string, total: number, more: Partial<Bar> = {}): Bar => ({ value, name: '', total, automatic: 0, by_operators: total, unserved: 0, ...more });

let all: Record<string, number>;
let asked: URL[];
let refused: number;

/** Telegram and the widget, as the server counts them. */
function counted(kinds: string[]): Statistics {
  const total = Object.entries(all).reduce((sum, [kind, n]) => sum + (kinds.length === 0 || kinds.includes(kind) ? n : 0), 0);
  return {
    from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z',
    figures: [{ id: 'total', value: total, count: total }, { id: 'automatic', value: 1, count: 1 }, { id: 'response_time', value: 12.5, count: total, p50: 9, p90: 75 }],
    charts: {
      time: [bar('', total, { begins: '2026-11-02T00:00:00Z', ends: '2026-11-03T00:00:00Z' }), bar('', 0, { begins: '2026-11-03T00:00:00Z', ends: '2026-11-04T00:00:00Z' })],
      kinds: Object.entries(all).map(([kind, n]) => bar(kind, n)), accounts: [], topics: [bar('fees', total, { name: 'Тарифы' }), bar('', 1)], lines: [], languages: [],
      ratings: total ? [bar('0', total)] : [], handlings: total ? [bar('by_operators', total)] : [],
    },
  };
}

const text = (ru: string) => ({ ru, en: ru });
const definitions = {
  everywhere: text('Учитываются завершённые.'),
  items: [
    { id: 'total', name: text('Всего обращений'), unit: 'conversations', average: false, formula: text('Сколько завершено.'), edges: text('') },
    { id: 'automatic', name: text('Обработано автоматически'), unit: 'conversations', average: false, formula: text('Без оператора.'), edges: text('') },
    { id: 'response_time', name: text('Время ответа клиенту'), unit: 'seconds', average: true, formula: text('От вопроса до ответа.'), edges: text('Ночь считается.') },
  ],
};

beforeEach(() => {
  queryClient.clear();
  asked = [];
  refused = 0;
  all = { telegram: 8, widget: 2 };
  vi.stubGlobal('fetch', async (path: string) => {
    const url = new URL(path, location.origin);
    const kinds = url.searchParams.getAll('kind');
    switch (url.pathname) {
      case '/api/v1/statistics':
        asked.push(url);
        return refused ? new Response('{}', { status: refused }) : new Response(JSON.stringify(counted(kinds)));
      case '/api/v1/statistics/operators': {
        const row = { operator_id: 'o17', name: 'Ольга Иванова', conversations: 10, messages: 30, pairs: 12, close_time: 600, response_time: 12.5, message_length: 40 };
        return new Response(JSON.stringify({ items: [row], total: 21 }));
      }
      case '/api/v1/statistics/presence': {
        const times = (n: number) => ({ conversation: n, online: 2 * n, invisible: 0, lunch: 0, training: 0, offline: 60 });
        return new Response(JSON.stringify({ items: [{ operator_id: 'o17', name: 'Ольга Иванова', ...times(3600) }], total: 1, sum: { operator_id: '', name: '', ...times(7200) } }));
      }
      case '/api/v1/statistics/presence/o17': {
        const stays = [{ status: 'lunch', from: '2026-11-02T09:00:00Z', to: '2026-11-02T09:30:00Z' }, { status: 'conversation', from: '2026-11-02T10:00:00Z', to: '2026-11-02T10:10:00Z' }];
        return new Response(JSON.stringify({ items: stays, more: false }));
      }
      case '/api/v1/statistics/definitions':
        return new Response(JSON.stringify(definitions));
      case '/api/v1/workplace':
        return new Response(JSON.stringify({ user: { user_id: 'irina' }, operators: [{ user_id: 'o17', name: 'Ольга Иванова' }] }));
      default:
        return new Response('{}', { status: 404 });
    }
  });
});

function show(query = '?from=2026-11-01&to=2026-11-30') {
  history.replaceState(null, '', `/statistics${query}`);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <StatisticsPage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

const figure = async (name: string) => (await screen.findByText(name)).closest('li')!;
const plain = (e: Element) => (e.textContent ?? '').replace(/\s/g, ' ');

describe('statistics', () => {
  // proves ST-02
  it('show counts with their share, means with percentiles beside them, and how each is counted', async () => {
    show();
    expect(plain(await figure('Всего обращений'))).toContain('10');
    expect(plain(await figure('Обработано автоматически'))).toContain('10 % от всех');
    expect(plain(await figure('Время ответа клиенту'))).toMatch(/12,5 с.*Медиана9 с.*90 % до1 мин 15 с/);
    await userEvent.click(screen.getByRole('button', { name: 'Как считается «Время ответа клиенту»' }));
    const about = await screen.findByRole('dialog');
    expect(about).toHaveTextContent('От вопроса до ответа.');
    expect(about).toHaveTextContent('Ночь считается.');
    expect(about).toHaveTextContent('Учитываются завершённые.');
  });

  // proves ST-06
  it('are sliced by a sector, told by a chip and by the address, and whole again after a second press', async () => {
    show();
    await userEvent.click(await screen.findByRole('button', { name: /^сектор: Каналы/ }));
    await waitFor(async () => expect(plain(await figure('Всего обращений'))).toContain('8'));
    expect(location.search).toBe('?from=2026-11-01&to=2026-11-30&kind=telegram');
    expect(screen.getByRole('button', { name: 'Убрать срез «Канал: Telegram»' })).toBeInTheDocument();
    const row = within(screen.getByRole('table', { name: 'Каналы' })).getByRole('button', { name: 'Telegram' });
    expect(row).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(screen.getByRole('button', { name: /^сектор: Каналы/ }));
    await waitFor(async () => expect(plain(await figure('Всего обращений'))).toContain('10'));
    expect(location.search).toBe('?from=2026-11-01&to=2026-11-30');
  });

  // proves ST-06
  it('are sliced by the keyboard alone, and all slices go at once', async () => {
    show();
    const rows = within(await screen.findByRole('table', { name: 'Каналы' }));
    const first = rows.getByRole('button', { name: 'Telegram' });
    first.focus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(asked.at(-1)!.searchParams.getAll('kind')).toEqual(['widget']);
    await userEvent.keyboard('{ArrowUp}{ArrowRight}');
    expect(document.activeElement).toHaveAttribute('href', '/history?by=closed&counted=yes&kind=telegram&from=2026-11-01&to=2026-11-30');
    await userEvent.click(within(screen.getByRole('table', { name: 'Операторы' })).getByText('o17'));
    await waitFor(() => expect(asked.at(-1)!.searchParams.getAll('operator')).toEqual(['o17']));
    await userEvent.click(screen.getByRole('button', { name: 'Сбросить' }));
    expect(location.search).toBe('?from=2026-11-01&to=2026-11-30');
  });

  // proves ST-01
  it('are of a quick range or of days, and grouped', async () => {
    show('?range=1h');
    await figure('Всего обращений');
    const { searchParams: s } = asked.at(-1)!;
    expect(Date.parse(s.get('to')!) - Date.parse(s.get('from')!)).toBe(3_600_000);
    expect([s.get('step'), s.get('zone')]).toEqual(['15m', Intl.DateTimeFormat().resolvedOptions().timeZone]);
    await userEvent.click(screen.getByRole('button', { name: 'Неделя' }));
    await waitFor(() => expect(asked.at(-1)!.searchParams.get('step')).toBe('1d'));
    await userEvent.click(screen.getByRole('radio', { name: '1 час' }));
    await waitFor(() => expect(asked.at(-1)!.searchParams.get('step')).toBe('1h'));
    expect(location.search).toBe('?range=1w&step=1h');
  });

  // proves ST-03
  it('tell operators with a link to their conversations, pages and a file', async () => {
    show('?from=2026-11-01&to=2026-11-30&kind=telegram');
    const table = await screen.findByRole('table', { name: 'Операторы' });
    expect(within(table).getByRole('link', { name: 'Отобразить обращения оператора Ольга Иванова' }))
      .toHaveAttribute('href', '/history?by=closed&counted=yes&kind=telegram&operator=o17&from=2026-11-01&to=2026-11-30');
    expect(plain(within(table).getByRole('row', { name: /o17/ }))).toBe('o17Ольга Иванова10301210 мин—12,5 с40');
    const pages = screen.getByRole('navigation', { name: 'Страницы таблицы «Операторы»' });
    await userEvent.click(within(pages).getByRole('button', { name: 'Следующая' }));
    expect(location.search).toContain('page=2');
    const file = new URL((screen.getByRole('link', { name: 'Скачать таблицу «Операторы» (CSV)' }) as HTMLAnchorElement).href);
    expect([file.pathname, file.searchParams.get('separator'), file.searchParams.get('lang'), file.searchParams.get('kind')])
      .toEqual(['/api/v1/statistics/operators.csv', 'semicolon', 'ru', 'telegram']);
  });

  // proves ST-04
  it('tell the time in each status, of all together and of each, and its stretches', async () => {
    show();
    const table = await screen.findByRole('table', { name: 'Статусы операторов' });
    expect(within(table).getAllByRole('row').slice(1).map(plain)).toEqual(['Все операторы2 ч4 ч———1 мин', 'o17Ольга Иванова1 ч2 ч———1 мин']);
    await userEvent.click(within(table).getByRole('button', { name: 'Отрезки времени: Ольга Иванова' }));
    const stays = await screen.findByRole('table', { name: 'Отрезки времени: Ольга Иванова' });
    expect(within(stays).getAllByRole('row').slice(1).map(plain)).toEqual([expect.stringMatching(/^Обращение.*10 мин$/), expect.stringMatching(/^Обед.*30 мин$/)]);
    expect(location.search).toContain('stays=o17');
    const file = new URL((screen.getByRole('link', { name: 'Скачать таблицу «Статусы операторов» (CSV)' }) as HTMLAnchorElement).href);
    expect([file.pathname, [...file.searchParams.keys()]]).toEqual(['/api/v1/statistics/presence.csv', ['from', 'to', 'lang', 'separator']]);
  });

  it('say what to do where nothing ended, and try again after a failure', async () => {
    all = {};
    refused = 403;
    show('?range=1h');
    const again = await screen.findByRole('button', { name: 'Повторить' });
    refused = 0;
    await userEvent.click(again);
    expect(await screen.findByText('За этот период завершённых обращений нет')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Показать 4 недели' }));
    expect(location.pathname + location.search).toBe('/statistics');
  });
});
