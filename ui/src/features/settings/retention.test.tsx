/** What is removed because its time is over: the next night, the nights that were, and a rule that is tried. */
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import told from '../../sync/testdata/settings.json';
import SettingsPage from './SettingsPage';

const next_at = '2026-11-24T02:00:00Z';
const night = {
  night_id: '2026-11-23T02:00:00.000Z', begun_at: '2026-11-23T02:00:00.123Z', ended_at: '2026-11-23T02:01:05.123Z', conversations: 1234, messages: 5678, files: 9, left: 0,
  centers: [{ center_id: 'shop', days: 30, conversations: 1234, messages: 5678, files: 9 }],
};
const planned = (center_id: string, days: number, conversations: number) => ({ center_id, days, conversations, messages: 4 * conversations, left: 0, ...(conversations && { first_at: '2026-10-01T08:00:00Z' }) });

let calls: string[];
let answers: Record<string, (query: URLSearchParams) => unknown>;

beforeEach(() => {
  queryClient.clear();
  calls = [];
  answers = {
    '/api/v1/centers': () => ({ items: [{ center_id: 'shop', name: 'Магазин' }, { center_id: 'bank', name: 'Банк' }] }),
    '/api/v1/settings/default/form': () => told,
    '/api/v1/settings/shop/form': () => ({ ...told, center_id: 'shop' }),
    '/api/v1/retention/plan': () => ({ next_at, items: [planned('bank', 0, 0), planned('shop', 30, 12)] }),
    '/api/v1/retention/nights': () => ({ items: [night] }),
    [`/api/v1/retention/nights/${encodeURIComponent('2020-01-01T02:00:00.000Z')}`]: () => ({ ...night, night_id: '2020-01-01T02:00:00.000Z', begun_at: '2020-01-01T02:00:00Z', ended_at: undefined, left: 3 }),
  };
  vi.stubGlobal('fetch', async (url: string) => {
    calls.push(url);
    const [path = '', query] = url.split('?');
    const said = answers[path]?.(new URLSearchParams(query));
    if (said instanceof Response) return said;
    return said === undefined ? Response.json({ status: 404, kind: 'not_found' }, { status: 404 }) : Response.json(said);
  });
});

function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <QueryClientProvider client={queryClient}>
      <LocaleProvider>
        <Looks>
          <SettingsPage />
        </Looks>
      </LocaleProvider>
    </QueryClientProvider>,
  );
}

const part = async (name: string) => within(await screen.findByRole('region', { name }));
const broken = () => Response.json({ status: 500, kind: 'fault' }, { status: 500 });

// proves HS-05
describe('retention', () => {
  it('tells what the next night removes, by center and rule', async () => {
    show('/settings/retention');
    const table = within(await (await part('Ближайшая ночь')).findByRole('table'));
    expect(table.getByRole('row', { name: /Банк Всегда 0 0 —/ })).toBeVisible();
    expect(table.getByRole('row', { name: /Магазин 30 дней 12 48 1 октября/ })).toBeVisible();
    expect(screen.queryByRole('combobox', { name: 'Для кого' })).toBeNull();
  });

  it('says that nothing is ever removed, and leads to where that is set', async () => {
    answers['/api/v1/retention/plan'] = () => ({ next_at, items: [planned('shop', 0, 0)] });
    answers['/api/v1/retention/nights'] = () => ({ items: [] });
    show('/settings/retention');
    expect(await screen.findByText('Срок хранения не задан')).toBeVisible();
    expect(await screen.findByText('Ещё ничего не удалялось')).toBeVisible();
    await userEvent.click(screen.getByRole('link', { name: 'Задать срок' }));
    expect(await screen.findByRole('textbox', { name: 'Хранить тексты обращений' })).toBeVisible();
  });

  it('opens the certificate of a night, which the address names and a file keeps', async () => {
    show('/settings/retention');
    const nights = await part('Прошедшие ночи');
    await userEvent.click(await nights.findByRole('button', { name: /Справка за 23 ноября/ }));
    const certificate = within(nights.getByRole('region', { name: 'Справка об удалении' }));
    expect(certificate.getByRole('row', { name: /Магазин 30 дней 1\s234 5\s678 9/ })).toBeVisible();
    expect(location.pathname).toBe('/settings/retention/2026-11-23T02:00:00.000Z');
    const file = certificate.getByRole('link', { name: 'Скачать справку' });
    expect(file).toHaveAttribute('href', `/api/v1/retention/nights/${encodeURIComponent(night.night_id)}`);
    expect(file).toHaveAttribute('download', 'retention-2026-11-23.json');
    await userEvent.click(nights.getByRole('button', { name: /Справка за 23 ноября/ }));
    expect(location.pathname).toBe('/settings/retention');
  });

  it('shows a night that the list does not have', async () => {
    show('/settings/retention/2020-01-01T02:00:00.000Z');
    const alone = within(await screen.findByRole('table', { name: /Справка за 1 января 2020/ }));
    expect(alone.getByText('Не закончена, продолжится сама')).toBeVisible();
    expect(alone.getByText(/Останется: 3/)).toBeVisible();
  });

  it('knows a night that never was', async () => {
    show('/settings/retention/1999-01-01T02:00:00.000Z');
    expect(await screen.findByText('Такой ночи не было')).toBeVisible();
  });

  it('says what went wrong, and tries again', async () => {
    const plan = answers['/api/v1/retention/plan']!;
    answers['/api/v1/retention/plan'] = broken;
    answers['/api/v1/retention/nights'] = broken;
    show('/settings/retention');
    const next = await part('Ближайшая ночь');
    const again = await next.findByRole('button', { name: 'Повторить' });
    expect(await (await part('Прошедшие ночи')).findByRole('alert')).toBeVisible();
    answers['/api/v1/retention/plan'] = plan;
    await userEvent.click(again);
    expect(await next.findByRole('table')).toBeVisible();
  });

  it('is tried before it is saved: for whom it would hold, and for the days that are entered', async () => {
    answers['/api/v1/retention/plan'] = (query) => ({ next_at, items: [planned('shop', Number(query.get('days')), query.get('days') === '30' ? 2 : 0)] });
    show(`/settings?center=shop&q=${encodeURIComponent('Хранить тексты')}`);
    const days = await screen.findByRole('textbox', { name: 'Хранить тексты обращений' });
    await userEvent.clear(days);
    await userEvent.type(days, '30');
    const tried = await part('Что будет удалено');
    await userEvent.click(tried.getByRole('button', { name: 'Что будет удалено' }));
    expect(await tried.findByText(/удалятся тексты 2 обращений/)).toBeVisible();
    expect(tried.getByRole('row', { name: /Магазин 30 дней 2 8/ })).toBeVisible();
    expect(calls.some((url) => url.startsWith('/api/v1/retention/plan?') && url.includes('days=30') && url.includes('center_id=shop'))).toBe(true);
    await userEvent.type(days, '0');
    expect(tried.queryByRole('table')).toBeNull();
    await userEvent.click(tried.getByRole('button', { name: 'Что будет удалено' }));
    expect(await tried.findByText(/ничего не удалится/)).toBeVisible();
    await userEvent.type(days, ',5');
    expect(tried.getByRole('button', { name: 'Что будет удалено' })).toBeDisabled();
    expect(tried.getByText('Исправьте число дней')).toBeVisible();
  });
});
