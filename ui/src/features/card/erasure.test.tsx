import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { queryClient, type Customer } from '../../sync';
import { camel } from '../../sync/json';
import Erasures from './Erasure';
import { customerJSON, furnish, serve, show } from './testing';

const certificate = {
  begun_at: '2026-11-20T10:00:00Z', erased_at: '2026-11-20T10:00:01Z', by: 'u2', customer_ids: ['c1'], conversation_ids: ['c1.1', 'c1.2'], facts: 31, files: 2, bytes: 2048,
  account_ids: ['tg'], agent_ids: [],
};

beforeEach(() => {
  queryClient.clear();
  furnish({ operators: [{ userId: 'u2', name: 'Борис Громов' }], accounts: [{ accountId: 'tg', kind: 'telegram', name: 'Наш Telegram', centerId: '', byIdentifier: false }] });
});

const customer = camel(customerJSON()) as Customer;

// proves G44
describe('the data of a person', () => {
  it('are erased once the word is typed, and the certificate shows', async () => {
    let items: unknown[] = [];
    const log = serve(({ method }) => {
      if (method === 'POST') items = [certificate];
      return { body: method === 'POST' ? certificate : { items } };
    });
    const { user } = show(<Erasures customer={customer} />);
    expect(await screen.findByText('Данные этого клиента не удалялись.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Удалить данные клиента' }));
    const sure = await screen.findByRole('button', { name: 'Удалить навсегда' });
    expect(sure).toBeDisabled();
    await user.type(screen.getByRole('textbox', { name: 'Введите слово «удалить», чтобы подтвердить' }), 'Удалить');
    await user.click(sure);
    expect(await screen.findByText('Борис Громов')).toBeInTheDocument();
    expect(screen.getByText('Наш Telegram')).toBeInTheDocument();
    expect(log.filter((each) => each.method === 'POST').map(({ path, body }) => [path, body])).toEqual([['/api/v1/customers/c1/erasures', { customer_id: 'c1' }]]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('stay while somebody talks with the person, and that is said', async () => {
    serve(({ method }) => (method === 'POST' ? { status: 409, body: { status: 409, kind: 'conflict', detail: 'conversation c1.3 of the customer is open; close it first' } } : { body: { items: [] } }));
    const { user } = show(<Erasures customer={customer} />);
    await user.click(await screen.findByRole('button', { name: 'Удалить данные клиента' }));
    await user.type(await screen.findByRole('textbox'), 'удалить');
    await user.click(screen.getByRole('button', { name: 'Удалить навсегда' }));
    expect(await screen.findByText('С клиентом идёт обращение: сначала завершите его')).toBeInTheDocument();
  });

  it('are said not to be gone where the erasure was broken off', async () => {
    serve(() => ({ body: { items: [{ ...certificate, erased_at: undefined }] } }));
    show(<Erasures customer={customer} />);
    expect(await screen.findByText(/не завершено. Повторите его/)).toBeInTheDocument();
  });
});
