import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../../app/App';
import { LocaleProvider } from '../../../i18n';
import { queryClient } from '../../../sync';
import type { SurveyResult, SurveySummary } from '../../../sync/surveys';
import KnowledgePage from '../KnowledgePage';

const answer = { slot: 'speed', name: 'Быстро?', value: 'good', caption: 'Да', inferred: false, confirmed: false, mistakes: 0 };
const result = (id: string, said: string): SurveyResult => ({
  conversation_id: id, survey_id: 's', article_id: 'quality', title: 'Качество', outcome: said ? 'completed' : 'abandoned', operator_id: 'olga', agent_id: '', test: false,
  begun_at: '2026-11-20T10:00:00Z', ended_at: '2026-11-20T11:00:00Z', answers: [{ ...answer, caption: said, value: said }],
});

let results: SurveyResult[];
let counted: SurveySummary;
let asked: URL[];

beforeEach(() => {
  queryClient.clear();
  asked = [];
  results = [result('c1', 'Да'), result('c2', 'Да'), result('c3', 'Нет'), result('c4', '')];
  counted = {
    surveys: 1200, since: '2026-11-02T09:00:00Z', articles: [{ article_id: 'quality', title: 'Качество', surveys: 1200 }],
    questions: [{ article_id: 'quality', slot: 'speed', name: 'Быстро?', count: 1000, answers: [{ said: 'Да', count: 600 }, { said: 'Нет', count: 300 }], others: 100 }],
  };
  vi.stubGlobal('fetch', async (path: string) => {
    const url = new URL(path, location.origin);
    if (url.pathname === '/api/v1/surveys') {
      asked.push(url);
      return new Response(JSON.stringify({ items: results }));
    }
    if (url.pathname === '/api/v1/surveys/summary') return new Response(JSON.stringify(counted));
    if (url.pathname === '/api/v1/workplace') return new Response(JSON.stringify({ user: { user_id: 'olga' }, operators: [{ user_id: 'olga', name: 'Ольга Иванова' }] }));
    return new Response('{}', { status: 404 });
  });
});

function show(path: string) {
  history.replaceState(null, '', path);
  render(
    <LocaleProvider>
      <Looks>
        <QueryClientProvider client={queryClient}>
          <KnowledgePage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

// proves SL-08
describe('results of surveys', () => {
  it('are shown one by one and counted', async () => {
    show('/knowledge/surveys?from=2026-11-01&to=2026-11-30');
    const card = (await screen.findByRole('heading', { level: 3, name: 'Быстро?' })).parentElement!;
    expect(within(card).getAllByRole('listitem').map((li) => li.textContent.replace(/\s/g, ' '))).toEqual(['Да600 · 60 %', 'Нет300 · 30 %', 'другие ответы100 · 10 %']);
    expect(screen.getByRole('status')).toHaveTextContent(/^1\s200 опросов с 2 нояб.*слишком много$/);
    expect(screen.getAllByRole('row', { name: /Качество.*Да.*пройден.*Ольга Иванова/ })).toHaveLength(2);
    expect(screen.getByRole('row', { name: /нет ответа.*не закончен/ })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Результаты опросов' })).toHaveAttribute('aria-current', 'page');
  });

  it('are chosen by survey and period, and handed out so too', async () => {
    show('/knowledge/surveys?from=2026-11-01&to=2026-11-30');
    await screen.findByRole('heading', { level: 3, name: 'Быстро?' });
    await userEvent.click(screen.getByRole('combobox', { name: 'Опрос' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Качество' }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.get('article_id')).toBe('quality'));
    const last = asked.at(-1)!.searchParams;
    expect(new Date(last.get('until')!).getTime() - new Date(last.get('from')!).getTime()).toBe(30 * 86_400_000);
    const download = new URL((screen.getByRole('link', { name: 'Скачать' }) as HTMLAnchorElement).href);
    expect(download.pathname).toBe('/api/v1/surveys/export');
    expect([download.searchParams.get('article_id'), download.searchParams.get('from'), download.searchParams.get('separator')]).toEqual(['quality', last.get('from'), 'semicolon']);
  });

  it('say what to do where there are none', async () => {
    results = [];
    counted = { surveys: 0, articles: [], questions: [] };
    show('/knowledge/surveys');
    expect(await screen.findByText('Опросов пока нет')).toBeInTheDocument();
  });
});
