import { MantineProvider } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../../i18n';
import { queryClient, type Conversation } from '../../../sync';
import { Assistant, lastQuestion } from './Assistant';

const told = vi.hoisted(() => ({ conversation: undefined as unknown, acts: [] as unknown[] }));

vi.mock('../../../sync', async (original) => ({
  ...(await original<object>()),
  useConversation: () => told.conversation,
  desk: {
    present: (...of: unknown[]) => Promise.resolve(told.acts.push(['present', ...of])),
    reject: (...of: unknown[]) => Promise.resolve(told.acts.push(['reject', ...of])),
  },
}));

const question = { is: 'message', key: 'm1', at: 1, message: { id: 'm1', from: 'customer', content: { text: 'Где мой заказ?' } } };
const served = { id: 'c1', phase: 'served', survey: null, unanswered: 1, items: [question] };
const items = [
  { article_id: 'where', title: 'Где заказ', percent: 87, probability: 0.87, answers: [{ answer_id: 'a1', text: 'Уже в пути.', attachments: [{ attachment_id: 'f', name: 'карта.png', mime: 'image/png', blob: 'ab' }] }] },
  { article_id: 'quality', title: 'Опрос', percent: 9, probability: 0.09, survey: true, answers: [{ answer_id: 'b1', text: 'Спасибо!' }] },
];

beforeEach(() => {
  told.conversation = served;
  told.acts = [];
  queryClient.clear();
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ message_id: 'm1', items }))));
});

function show() {
  const onInsert = vi.fn();
  render(<MantineProvider env="test"><LocaleProvider initial="ru"><Assistant conversationId="c1" onInsert={onInsert} /></LocaleProvider></MantineProvider>);
  return { onInsert, user: userEvent.setup() };
}

const shown = ['where', 'quality'];

describe('the assistant', () => {
  it('tells how likely each answer is, and gives one with a press', async () => {
    const { user } = show();
    expect(await screen.findByLabelText('Подходит на 87 %')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Отправить' }));
    await user.click(screen.getByRole('button', { name: 'Начать опрос' }));
    expect(told.acts).toEqual([
      ['present', 'c1', 'where', { choice: { about: 'm1', articleId: 'where', rank: 1, probability: 0.87, shown } }],
      ['present', 'c1', 'quality', { choice: { about: 'm1', articleId: 'quality', rank: 2, probability: 0.09, shown } }],
    ]);
  });

  it('puts an answer into the field with its files and where it comes from; a survey can only be given', async () => {
    const { user, onInsert } = show();
    await user.click(await screen.findByRole('button', { name: 'В ответ' }));
    expect(onInsert).toHaveBeenCalledExactlyOnceWith('Уже в пути.', {
      choice: { about: 'm1', articleId: 'where', answerId: 'a1', rank: 1, probability: 0.87, shown },
      attachments: [expect.objectContaining({ blob: 'ab', name: 'карта.png' })],
    });
  });

  it('takes away what does not fit, and tells so', async () => {
    const { user } = show();
    await user.click(await screen.findByRole('button', { name: 'Не подходит: Где заказ' }));
    await waitFor(() => expect(screen.queryByText('Где заказ')).not.toBeInTheDocument());
    expect(told.acts).toEqual([['reject', 'c1', 'm1', 'where']]);
    await user.click(screen.getByRole('button', { name: 'Не подходит: Опрос' }));
    expect(screen.queryByRole('heading')).not.toBeInTheDocument();
  });

  it('asks nothing when nobody waits for an answer, or a survey runs', () => {
    told.conversation = { ...served, unanswered: 0 };
    show();
    told.conversation = { ...served, survey: { id: 's' } };
    show();
    expect(fetch).not.toHaveBeenCalled();
  });

  it('answers the last message that says something', () => {
    expect(lastQuestion(served as unknown as Conversation)).toBe('m1');
    const picture = { ...question, message: { ...question.message, id: 'm2', content: { text: '' } } };
    expect(lastQuestion({ ...served, items: [question, picture] } as unknown as Conversation)).toBe('');
  });
});
