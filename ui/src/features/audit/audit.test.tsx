import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import type { Act } from '../../sync/audit';
import AuditPage from './AuditPage';
import { addressOf, anywhere, authorPageOf, pageOf, placeOf, queryOf } from './place';

const act = (number: number, more: Partial<Act> = {}): Act => ({ number, at: '2026-11-22T10:00:00Z', by: 'olga', act: 'settings_put', object: '', digest: `d${number}`, ...more });

let calls: string[];
let answers: Record<string, (url: string) => unknown>;

beforeEach(() => {
  queryClient.clear();
  calls = [];
  answers = {
    '/api/v1/audit': (url) =>
      url.includes('before=') ? { items: [act(1, { by: 'key:bi', act: 'feed_read', count: 5 })], next: '', head: '' }
        : { items: [act(3), act(2, { by: '', act: 'sign_in_refused', object: 'olga', ip: '10.0.0.1' })], next: '2', head: '' },
    '/api/v1/audit/3': () => ({ ...act(3), changes: [{ field: 'policy.silence.remind_text', before: 'Ещё здесь?', after: 'Вы тут?' }, { field: 'secrets', hidden: true }] }),
    '/api/v1/audit/9': () => ({ ...act(9, { act: 'article_put', object: 'lost' }), changes: [] }),
    '/api/v1/workplace': () => ({ user: { user_id: 'olga', login: 'olga', first_name: 'Ольга', last_name: 'Ким' } }),
  };
  vi.stubGlobal('fetch', async (url: string) => {
    calls.push(url);
    const said = answers[url.split('?')[0]!]?.(url);
    if (said instanceof Response) return said;
    return said === undefined ? new Response('{"status":404,"kind":"not_found"}', { status: 404 }) : new Response(JSON.stringify(said));
  });
});

function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <AuditPage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

// proves G43: the log is looked through, page by page, and what an act changed is shown.
describe('the log of acts', () => {
  it('says who did what, and goes on', async () => {
    show('/audit');
    const table = within(await screen.findByRole('table', { name: 'Журнал действий' }));
    expect(table.getByText('Изменение: настройки')).toBeVisible();
    expect(await table.findByText('Ольга Ким')).toBeVisible();
    const refused = table.getByText('Отказ во входе').closest('tr')!;
    expect(refused).toHaveTextContent('Неизвестно кто');
    expect(refused).toHaveTextContent('10.0.0.1');
    await userEvent.click(screen.getByRole('button', { name: 'Показать ещё' }));
    expect(await table.findByText(/Программа читала события · 5 раз/)).toBeVisible();
    expect(table.getByText('Программа bi')).toBeVisible();
    expect(calls.some((url) => url.includes('before=2'))).toBe(true);
    expect(screen.queryByRole('button', { name: 'Показать ещё' })).toBeNull();
  });

  it('unfolds what was changed, and the address says so', async () => {
    show('/audit');
    await userEvent.click(await screen.findByRole('button', { name: 'Подробности действия 3' }));
    const field = (await screen.findByText('Правила · Молчание · Текст напоминания')).closest('tr')!;
    expect(field).toHaveTextContent('Ещё здесь?');
    expect(field).toHaveTextContent('Вы тут?');
    expect(screen.getByText('Секреты').closest('tr')).toHaveTextContent('Значение не показывается');
    expect(location.pathname).toBe('/audit/3');
    await userEvent.click(screen.getByRole('button', { name: 'Подробности действия 3' }));
    expect(location.pathname).toBe('/audit');
  });

  it('shows the act that the address names though the list has it not', async () => {
    show('/audit/9');
    expect(await screen.findByRole('link', { name: 'lost' })).toHaveAttribute('href', '/knowledge/articles/lost');
    expect(await screen.findByText('Сведений об изменениях нет')).toBeVisible();
  });

  it('asks for what is filtered, and hands out the same', async () => {
    show('/audit?act=user_put&by=olga&from=2026-11-01');
    await waitFor(() => expect(calls.some((url) => url.includes('act=user_put') && url.includes('by=olga') && url.includes('from='))).toBe(true));
    const table = screen.getByRole('link', { name: 'Таблица' }).getAttribute('href')!;
    expect(table).toMatch(/^\/api\/v1\/audit\.csv\?.*act=user_put/);
    expect(table).toContain('lang=ru');
    await userEvent.type(screen.getByLabelText('Объект'), 'mila');
    await waitFor(() => expect(location.search).toContain('object=mila'));
    await userEvent.click(screen.getByRole('button', { name: 'Сбросить' }));
    expect(location.search).toBe('');
  });

  it('says that nothing was found, and that something went wrong', async () => {
    answers['/api/v1/audit'] = () => ({ items: [], next: '', head: '' });
    show('/audit?object=nothing');
    expect(await screen.findByText('Ничего не найдено')).toBeVisible();
  });
});

it('keeps its place in the address', () => {
  const place = { ...anywhere, open: 7, by: 'key:bi', acts: ['user_put', 'line_put'], object: 'a b', from: '2026-11-01', to: '2026-11-02' };
  const [path, query] = addressOf(place).split('?');
  expect(placeOf(path!, query!)).toEqual(place);
  expect(addressOf(anywhere)).toBe('/audit');
  expect(queryOf({ ...anywhere, object: ' x ' }).object).toBe('x');
});

it('knows where things are seen', () => {
  expect(pageOf('conversation_watched', 'a.1')).toBe('/history/a.1');
  expect(pageOf('user_removed', 'mila')).toBeUndefined();
  expect(pageOf('signed_in', 'mila')).toBeUndefined();
  expect(pageOf('factor_removed', 'mila')).toBe('/users/list/mila');
  expect(pageOf('account_put', 'tea & co')).toBe('/channels?open=tea%20%26%20co');
  expect(authorPageOf('key:bi')).toBe('/programs/keys/bi');
  expect(authorPageOf('boss')).toBe('/users/list/boss');
  expect(authorPageOf('setup')).toBeUndefined();
});
