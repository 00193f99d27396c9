import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import { queryClient } from '../../sync';
import type { Bot, BotReport } from '../../sync/bot';
import BotPage from './BotPage';
import { sorted } from './Improve';
import { addressOf, newArticleWith, placeOf } from './place';
import { marks } from './Plot';
import { botInRussian } from './sentences';
import { telling, worthShowing } from './TryPhrase';

const model = { model_id: 'ru-2', language: 'ru', at: '2026-11-22T00:00:00Z', seconds: 90, size: 4_000_000, precision: 0.95, articles: 2, examples: 40, questions: 10, lessons: 30, verdict: 'of 40 new lessons the model before knows 70 % and the new one 80 %', in_use: true };
const older = { ...model, model_id: 'ru-1', at: '2026-11-21T00:00:00Z', verdict: '', in_use: false };
const figures = { trials: 40, top1: 0.8, top3: 0.9, top5: 0.95, error: 0.03, automatic: false, coverage: 0, precision: 0, missing: 25, trials_without: 10, none_recall: 0.7 };
const article = { identifier: 'lost', title: 'Потеря карты', examples: 3, few: true, trials: 4, recall: 0.5, precision: 0.75 };

let bot: Bot;
let report: BotReport;
let calls: { method: string; url: string; body: string }[];
let answers: Record<string, () => unknown>;

beforeEach(() => {
  queryClient.clear();
  calls = [];
  bot = { next: '2026-11-24T00:00:00Z', precision: 0.95, languages: [{ language: 'ru', model, since: model.at, by: '', fresh: 2, last: { at: model.at, result: 'used', why: model.verdict } }] };
  report = {
    model, before: older, figures, earlier: { ...figures, top1: 0.75, error: 0.02 }, bins: [{ shown: 0.2, right: 0.1, count: 5 }, { shown: 0.9, right: 0.95, count: 30 }],
    curve: [{ examples: 10, right: 0.5 }, { examples: 40, right: 0.8 }], confused: [{ article_id: 'lost', taken_for: '', count: 2 }],
    week: { choices: 10, offered: 8, accepted: 6, ranks: [4, 1, 1, 0, 0], edited: 1, rejected: 2 },
    articles: [{ ...article, article_id: 'lost' }, { ...article, article_id: 'rate', title: 'Курсы', examples: 9, few: false, recall: 0.2 }],
    unmet: [{ texts: ['где парковка?', 'есть ли стоянка'], conversations: 5 }], conflicts: [{ text: 'карта', articles: ['lost', ''] }],
  };
  answers = {
    'GET /api/v1/bot': () => bot,
    'GET /api/v1/bot/report': () => report,
    'GET /api/v1/bot/models': () => ({ items: [model, older] }),
    'GET /api/v1/agents': () => ({ items: [{ kind: 'bot', disabled: true }] }),
    'GET /api/v1/workplace': () => ({ user: { user_id: 'olga', login: 'olga' }, lines: [{ line_id: 'help', name: 'Поддержка', center_id: 'main' }] }),
    'POST /api/v1/bot/train': () => '',
    'POST /api/v1/bot/models/ru-1/use': () => '',
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    calls.push({ method, url, body: typeof init.body === 'string' ? init.body : '' });
    const said = answers[`${method} ${url.split('?')[0]}`]?.();
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
          <Notifications />
          <BotPage />
        </QueryClientProvider>
      </Looks>
    </LocaleProvider>,
  );
}

const told = (method: string) => calls.filter((c) => c.method === method).map((c) => c.url);

// proves BT-05
describe('the state', () => {
  it('says in words what the bot is able to do, and how the last training ended', async () => {
    show('/bot');
    const card = await screen.findByRole('region', { name: 'Русский' });
    expect(await within(card).findByText('Чтобы отвечать без оператора с точностью 95 %, не хватает примерно 25 примеров.')).toBeInTheDocument();
    expect(card).toHaveTextContent('2 новых примера');
    expect(card).toHaveTextContent('Из 40 новых примеров прежняя модель знает 70 %, новая — 80 %');
    expect(await screen.findByText('Агент «ИИ-бот» не подключён')).toBeInTheDocument();
  });

  it('is that it answers alone where it may', async () => {
    report = { ...report, figures: { ...figures, automatic: true, coverage: 0.6, precision: 0.96, missing: 0 } };
    answers['GET /api/v1/agents'] = () => ({ items: [{ kind: 'bot', disabled: false }] });
    show('/bot');
    expect(await screen.findByText(/бот отвечает без оператора: это 60 % вопросов, и 96 % таких ответов верны/)).toBeInTheDocument();
    expect(screen.queryByText('Агент «ИИ-бот» не подключён')).not.toBeInTheDocument();
  });

  it('of a fresh installation is what to do', async () => {
    bot = { ...bot, languages: [] };
    show('/bot');
    expect(await screen.findByText('Бот ещё ничему не научился')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Открыть базу знаний' })).toHaveAttribute('href', '/knowledge/articles');
    expect(told('GET')).not.toContain('/api/v1/bot/report');
  });

  it('shows a training, and that a second one must wait', async () => {
    bot = { ...bot, training: { language: 'ru', since: new Date(Date.now() - 30_000).toISOString() } };
    show('/bot');
    expect(await screen.findByRole('progressbar', { name: 'Идёт обучение: Русский' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Обучить сейчас' })).toBeDisabled();
  });

  it('tells that a training is over, even one that nobody saw under way', async () => {
    answers['POST /api/v1/bot/train'] = () => {
      bot = { ...bot, languages: bot.languages.map((l) => ({ ...l, last: { ...l.last, at: new Date().toISOString() } })) };
      return '';
    };
    show('/bot');
    const train = await screen.findByRole('button', { name: 'Обучить сейчас' });
    expect(screen.queryByText('Обучение завершено')).not.toBeInTheDocument();
    await userEvent.click(train);
    expect(await screen.findByText('Обучение завершено')).toBeInTheDocument();
  });

  it('says why a training did not begin', async () => {
    answers['POST /api/v1/bot/train'] = () => new Response('{"status":409,"kind":"conflict","detail":"a training is under way already"}', { status: 409 });
    show('/bot');
    await userEvent.click(await screen.findByRole('button', { name: 'Обучить сейчас' }));
    expect(await screen.findByText('Обучение уже идёт')).toBeInTheDocument();
  });
});

describe('an older model', () => {
  it('is used again after a question', async () => {
    show('/bot');
    await userEvent.click(await screen.findByRole('button', { name: /^Вернуть модель от/ }));
    const dialog = await screen.findByRole('dialog');
    expect(told('POST')).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Вернуть' }));
    await waitFor(() => expect(told('POST')).toEqual(['/api/v1/bot/models/ru-1/use']));
  });
});

describe('the report', () => {
  it('compares with the model before: less of an error is better', async () => {
    show('/bot/quality');
    expect(await screen.findByText('лучше прежней модели на 5 п. п.')).toBeInTheDocument();
    expect(screen.getByText('хуже прежней модели на 1 п. п.')).toBeInTheDocument();
    expect(screen.getByText('6 (75 %)')).toBeInTheDocument();
  });

  it('has every number of a chart in a table too', async () => {
    show('/bot/quality');
    expect(await screen.findByRole('img', { name: /Можно ли верить проценту: график, точек 2/ })).toBeInTheDocument();
    const rows = within(screen.getByRole('table', { name: 'Можно ли верить проценту', hidden: true })).getAllByRole('row', { hidden: true });
    expect(rows.map((r) => r.textContent.replace(/\s/g, ' '))).toEqual(['Показанная вероятностьОказалось верноПримеров', '20 %10 %5', '90 %95 %30']);
  });

  it('leads from what nobody answers to a new article with these questions', async () => {
    show('/bot/improve');
    const link = await screen.findByRole('link', { name: 'Создать статью: где парковка?' });
    expect(new URL((link as HTMLAnchorElement).href).searchParams.getAll('question')).toEqual(['где парковка?', 'есть ли стоянка']);
    expect(screen.getByText('решил, что ответа нет').closest('tr')).toHaveTextContent(/^Потеря карты.*2$/);
    expect(screen.getByText('«карта»').closest('tr')).toHaveTextContent('Потеря карты, нет статьи');
  });
});

describe('a phrase', () => {
  it('is ranked, with what speaks for each article', async () => {
    answers['POST /api/v1/bot/try'] = () => ({
      language: 'ru', model: 'ru-2', no_article: 0.1, sure: false,
      items: [{ article_id: 'lost', identifier: 'lost', title: 'Потеря карты', probability: 0.7, exact: false, rejected: 2, nearest: [{ text: 'потерял карту', likeness: 0.6 }], parts: [{ part: 'потеря', weight: 1 }] }],
    });
    show('/bot/try');
    await userEvent.click(await screen.findByRole('button', { name: 'Проверить' }));
    expect(screen.getByText('Введите фразу')).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox', { name: 'Фраза клиента' }), 'потеря карты{Enter}');
    expect(await screen.findByText('Бот не уверен: первая запись была бы подсказкой оператору.')).toBeInTheDocument();
    expect(screen.getByText('70 %')).toBeInTheDocument();
    expect(screen.getByText('операторы отвергли 2 раза')).toBeInTheDocument();
    expect(JSON.parse(calls.find((c) => c.method === 'POST')!.body)).toEqual({ text: 'потеря карты' });
  });
});

describe('pure', () => {
  it('places and addresses are the same', () => {
    for (const address of ['/bot', '/bot/quality?language=en', '/bot/improve', '/bot/try']) {
      const [path = '', query = ''] = address.split('?');
      expect(addressOf(placeOf(path, query))).toBe(address);
    }
    expect(placeOf('/bot/nonsense', '').tab).toBe('state');
    expect(newArticleWith(['а & б'])).toBe('/knowledge/articles/new?question=%D0%B0+%26+%D0%B1');
  });

  it('axes have round marks', () => {
    expect(marks(1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(marks(18)).toEqual([0, 5, 10, 15]);
    expect(marks(15_000)).toEqual([0, 5000, 10_000, 15_000]);
    expect(marks(2)).toEqual([0, 1, 2]);
  });

  it('articles that need attention come first, those that were not tried last', () => {
    const all = [{ ...article, article_id: 'a', recall: 0.9 }, { ...article, article_id: 'b', trials: 0, recall: 0, examples: 1 }, { ...article, article_id: 'c', recall: 0.1 }];
    expect(sorted(all, 'recall').map((a) => a.article_id)).toEqual(['c', 'a', 'b']);
    expect(sorted(all, 'few').map((a) => a.article_id)).toEqual(['b', 'a', 'c']);
  });

  it('only what says something is shown of a phrase', () => {
    expect(telling([{ part: 'потерялась', weight: 3 }, { part: 'отер', weight: 2 }, { part: 'карта', weight: 1 }]).map((p) => p.part)).toEqual(['потерялась', 'карта']);
    const one = { article_id: '', identifier: '', title: '', exact: false, rejected: 0, nearest: [], parts: [] };
    expect(worthShowing([0.004, 0.003, 0.2].map((probability) => ({ ...one, probability }))).map((m) => m.probability)).toEqual([0.004, 0.2]);
  });

  it('the server is understood', () => {
    expect(botInRussian('3 new lessons are too few to compare by')).toBe('Для сравнения мало новых примеров: 3');
    expect(botInRussian('there is no model "x"')).toBe('Модели «x» больше нет');
  });
});
