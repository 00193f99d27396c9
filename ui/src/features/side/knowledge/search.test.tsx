import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../../i18n';
import { queryClient } from '../../../sync';
import KnowledgeSearch from './KnowledgeSearch';

const told = vi.hoisted(() => ({ acts: [] as unknown[], asked: [] as string[], refusal: '' }));

vi.mock('../../../sync', async (original) => ({
  ...(await original<object>()),
  useConversation: () => ({
    id: 'c1', phase: 'served', survey: null, unanswered: 1,
    items: [{ is: 'message', key: 'm1', at: 1, message: { id: 'm1', from: 'customer', content: { text: 'Где заказ?' } } }],
  }),
  desk: {
    present: (...of: unknown[]) => (told.refusal ? Promise.reject(Object.assign(new Error(), { kind: 'invalid', detail: told.refusal })) : Promise.resolve(told.acts.push(of))),
  },
}));

const hit = (id: string, title: string, word: string) => ({ article_id: id, title: [{ text: title, hit: false }], snippet: [{ text: 'Ваш ', hit: false }, { text: word, hit: true }] });
const article = { article_id: 'where', title: 'Где заказ', answers: [{ answer_id: 'a1', text: 'Уже в пути.' }, { answer_id: 'a2', text: 'Ждёт на складе.' }] };

beforeEach(() => {
  told.acts = [];
  told.refusal = '';
  told.asked = [];
  queryClient.clear();
  vi.stubGlobal('fetch', async (address: string) => {
    const url = new URL(address, 'http://test');
    told.asked.push(decodeURIComponent(url.pathname + url.search));
    const answers: Record<string, unknown> = {
      '/api/v1/kb/search': { items: url.searchParams.get('q') === 'нет' ? [] : [hit('where', 'Где заказ', 'заказ')], total: 1 },
      '/api/v1/kb/suggest': { items: url.searchParams.get('q') === 'нет' ? [] : [hit('where', 'Где заказ', ''), hit('back', 'Возврат', '')] },
      '/api/v1/kb/articles/where': article, '/api/v1/article-types': { items: [] },
    };
    return new Response(JSON.stringify(answers[url.pathname]));
  });
});

function show() {
  const onInsert = vi.fn();
  render(<MantineProvider env="test"><LocaleProvider initial="ru"><Notifications /><KnowledgeSearch conversationId="c1" onInsert={onInsert} wished={1} /></LocaleProvider></MantineProvider>);
  return { onInsert, user: userEvent.setup() };
}

describe('the knowledge base beside a conversation', () => {
  it('finds while one types, each article once and with the words that were looked for', async () => {
    const { user } = show();
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await user.keyboard('зак');
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(2));
    expect(screen.getAllByRole('listitem').map((each) => each.textContent)).toEqual(['Возврат' + 'Ваш ', 'Где заказВаш заказ']);
    expect([...document.querySelectorAll('mark')].map((each) => each.textContent)).toEqual(['', 'заказ']);
    expect(told.asked).toContain('/api/v1/kb/search?q=зак&conversation_id=c1&limit=20');
  });

  it('says when nothing was found', async () => {
    const { user } = show();
    await user.keyboard('нет');
    expect(await screen.findByText('Ничего не нашлось')).toBeVisible();
  });

  it('gives one answer of an article, or puts it into the field', async () => {
    const { user, onInsert } = show();
    await user.click(await screen.findByRole('button', { name: /Где заказ/ }));
    await screen.findByText('Ждёт на складе.');
    await user.click(screen.getAllByRole('button', { name: 'Отправить' })[1]!);
    const choice = { about: 'm1', articleId: 'where', answerId: 'a2', rank: 0, probability: 0, shown: [] };
    expect(told.acts).toEqual([['c1', 'where', { answerId: 'a2', choice }]]);
    await user.click(screen.getAllByRole('button', { name: 'В ответ' })[0]!);
    expect(onInsert).toHaveBeenCalledExactlyOnceWith('Уже в пути.', { choice: { ...choice, answerId: 'a1' }, attachments: [] });
    await user.click(screen.getByRole('button', { name: 'К результатам' }));
    expect(await screen.findByRole('searchbox')).toBeVisible();
  });

  it.each([
    ['the conditions of the answer do not hold for this customer', 'Этот ответ клиенту не подходит: не выполнены его условия'],
    ['the article hands the conversation to weather, which only an automatic agent can do', 'Запись передаёт диалог: weather. Это может только автоматический агент'],
    ['said by nobody of ours', 'said by nobody of ours'],
  ])('says why an answer was not given: %s', async (said, shown) => {
    told.refusal = said;
    const { user } = show();
    await user.click(await screen.findByRole('button', { name: /Где заказ/ }));
    await screen.findByText('Ждёт на складе.');
    await user.click(screen.getAllByRole('button', { name: 'Отправить' })[1]!);
    expect(await screen.findByText(shown)).toBeVisible();
  });
});
