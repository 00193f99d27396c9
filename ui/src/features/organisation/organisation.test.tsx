import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { Looks } from '../../app/App';
import { LocaleProvider } from '../../i18n';
import type { Organisation } from '../../sync/organisation';
import TopicsPage from '../topics/TopicsPage';
import OrganisationPage from './OrganisationPage';

const sync = vi.hoisted(() => ({ all: {} as unknown, put: vi.fn(), remove: vi.fn(), tabs: vi.fn(), move: vi.fn() }));
vi.mock('../../sync/organisation', async (original) => ({
  ...(await original<object>()), useOrganisation: () => ({ data: sync.all, refetch: () => {} }), putEntry: sync.put, removeEntry: sync.remove, putTabs: sync.tabs, moveTopic: sync.move,
}));

const all: Organisation = {
  centers: [{ center_id: 'main', name: 'Москва', time_zone: 'Europe/Moscow', calendar_id: '', revision: 4 }],
  lines: [{ line_id: 'help', name: 'Помощь', center_id: 'main', calendar_id: '', revision: 5 }],
  languages: [], skills: [{ skill: 'refunds', name: 'Возвраты', revision: 6 }],
  topics: [
    { topic_id: 'card', name: 'Карта', parent_id: '', archived: false, place: 1, revision: 7 }, { topic_id: 'lost', name: 'Утеря', parent_id: 'card', archived: false, place: 1, revision: 8 },
    { topic_id: 'pay', name: 'Оплата', parent_id: '', archived: false, place: 2, revision: 9 },
  ],
  templates: [], phrases: [], calendars: [], settings: [{ center_id: '', in_force: {}, revision: 0 }, { center_id: 'main', in_force: {}, revision: 0 }],
  uses: [{ kind: 'line', id: 'help', by: [{ kind: 'user', id: 'oleg', name: 'Олег Петров' }, { kind: 'account', id: 'site', name: 'Сайт' }], conversations: 0 }],
};

beforeEach(() => {
  vi.resetAllMocks();
  sync.all = all;
  sync.put.mockResolvedValue({});
  sync.remove.mockResolvedValue(undefined);
  sync.tabs.mockResolvedValue({});
  sync.move.mockResolvedValue({});
});

function show(path: string, Page = OrganisationPage) {
  const { hook, searchHook } = memoryLocation({ path });
  return render(
    <LocaleProvider>
      <Looks>
        <Router hook={hook} searchHook={searchHook}>
          <Page />
        </Router>
      </Looks>
    </LocaleProvider>,
  );
}

// proves US-07
describe('the organisation', () => {
  it('is looked through, and a record is opened by its name', async () => {
    show('/organisation/lines');
    expect(await screen.findByRole('link', { name: 'Помощь' })).toBeInTheDocument();
    expect(screen.getByText('2 ссылки')).toBeInTheDocument();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Найти' }), 'киров');
    expect(await screen.findByText('Ничего не нашлось')).toBeInTheDocument();
  });

  it('makes a line with an identifier of its name', async () => {
    show('/organisation/lines/new');
    await userEvent.click(await screen.findByRole('button', { name: 'Сохранить' }));
    expect(await screen.findByText('Заполните это поле')).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox', { name: 'Название' }), 'Отдел продаж');
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(sync.put).toHaveBeenCalledWith('lines', 'otdel-prodazh', { name: 'Отдел продаж', center_id: 'main', calendar_id: '' }, undefined));
  });

  it('says who needs a line instead of deleting it', async () => {
    show('/organisation/lines/help');
    await userEvent.click(await screen.findByRole('button', { name: 'Удалить' }));
    const told = within(await screen.findByRole('dialog', { name: /Удалить нельзя/ }));
    expect(told.getByText('Олег Петров')).toBeInTheDocument();
    expect(told.getByText('Сайт')).toBeInTheDocument();
    await userEvent.click(told.getByRole('button', { name: 'Понятно' }));
    expect(sync.remove).not.toHaveBeenCalled();
  });

  it('deletes what nothing needs, after a question', async () => {
    show('/organisation/skills/refunds');
    await userEvent.click(await screen.findByRole('button', { name: 'Удалить' }));
    const asked = within(await screen.findByRole('dialog', { name: 'Удалить навык «Возвраты»?' }));
    await userEvent.click(asked.getByRole('button', { name: 'Удалить' }));
    await waitFor(() => expect(sync.remove).toHaveBeenCalledWith('skills', 'refunds'));
  });

  it('gives a center tabs of its own, each shown for an example customer', async () => {
    show('/organisation/centers/main');
    await userEvent.click(await screen.findByRole('switch', { name: 'Свои вкладки, а не общие для организации' }));
    await userEvent.click(screen.getByRole('button', { name: 'Добавить вкладку' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Название вкладки' }), 'CRM');
    await userEvent.click(screen.getByRole('textbox', { name: 'Адрес страницы' }));
    await userEvent.paste('crm.example/?id={customer_id}');
    expect(await screen.findByText(/crm\.example\/\?id=c-1042/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Сохранить' }));
    await waitFor(() => expect(sync.tabs.mock.calls[0]?.[1]).toMatchObject([{ title: 'CRM', url: 'https://crm.example/?id={customer_id}' }]));
  });
});

// proves US-06
describe('the tree of topics', () => {
  it('is walked, folded and moved by keys, and says where a topic is now', async () => {
    show('/topics/tree', TopicsPage);
    const tree = within(await screen.findByRole('tree', { name: 'Дерево тематик' }));
    const card = tree.getByRole('treeitem', { name: 'Карта' });
    expect(tree.getByRole('treeitem', { name: 'Утеря' })).toHaveAttribute('aria-level', '2');
    card.focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(card).toHaveAttribute('aria-expanded', 'false');
    expect(tree.queryByRole('treeitem', { name: 'Утеря' })).toBeNull();
    await userEvent.keyboard('{ArrowDown}');
    expect(tree.getByRole('treeitem', { name: 'Оплата' })).toHaveFocus();
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await waitFor(() => expect(sync.move).toHaveBeenCalledWith('pay', 'card', '', 9));
    expect(await screen.findByText('Тематика «Оплата»: место 2 из 2 в «Карта»')).toBeInTheDocument();
  });
});
