import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../sync';
import { customerJSON, furnish, serve, show, type Asked } from './testing';
import { Ticket } from './Ticket';
import { useTexts } from './useLetter';

const roles = vi.hoisted(() => new Set<string>());
vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ may: (role: string) => roles.has(role) }) }));
const toasts = vi.hoisted(() => [] as string[]);
vi.mock('../../kit', async (original) => ({ ...(await original<object>()), say: (text: string) => toasts.push(text) }));

const conversation = { id: 'k1', ticket: '77', customerId: 'c1', centerId: 'shop' };
const account = (accountId: string, name: string, centerId = 'shop') => ({ accountId, kind: 'email', name, centerId, byIdentifier: true });
const address = (value: string, more = {}) =>
  ({ address_id: value, account_id: 'mail', kind: 'email', address: value, verified: 'channel', unreachable: false, ...more });

beforeEach(() => {
  queryClient.clear();
  useTexts.setState({ of: {} });
  toasts.length = 0;
  roles.clear();
  for (const role of ['view_client', 'modify_ext_id']) roles.add(role);
  furnish({ accounts: [account('mail', 'Почта магазина'), account('far', 'Почта банка', 'bank')] });
});

describe('the ticket', () => {
  it('is saved once it changed', async () => {
    const log = serve(() => ({}));
    const { user } = show(<Ticket conversation={conversation} />);
    expect(screen.getByRole('button', { name: 'Сохранить номер' })).toBeDisabled();
    await user.type(screen.getByLabelText('Номер тикета'), '8');
    await user.click(screen.getByRole('button', { name: 'Сохранить номер' }));
    await waitFor(() => expect(log[0]).toMatchObject({ method: 'PUT', path: '/api/v1/conversations/k1/ticket', body: { number: '778' } }));
  });

  it('is read by who may not change it, and without the role there is no letter', () => {
    roles.delete('modify_ext_id');
    const log = serve(() => ({}));
    show(<Ticket conversation={conversation} />);
    expect(screen.getByText('Номер тикета: 77')).toBeInTheDocument();
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    expect(log).toHaveLength(0);
  });
});

describe('a letter', () => {
  const server = (customer: Record<string, unknown>, answer: (asked: Asked) => { status?: number; body?: unknown }) =>
    serve((asked) => (asked.method === 'GET' ? { body: customerJSON(customer) } : answer(asked)));
  const letters = (log: Asked[]) => log.filter((each) => each.path === '/api/v1/conversations/k1/mail').map((each) => each.body);
  const sent = { body: { message_id: 'm', account_id: 'mail', address: 'a' } };
  const send = () => screen.getByRole('button', { name: 'Отправить письмо' });

  beforeEach(() => {
    roles.add('view_helpdesk');
  });

  it('goes to the address of the form, empties the text and says so', async () => {
    const log = server({ fields: { email: 'anna@example.ru' } }, () => sent);
    const { user } = show(<Ticket conversation={conversation} />);
    await waitFor(() => expect(screen.getByRole('combobox', { name: 'Адрес' })).toHaveValue('anna@example.ru (из анкеты)'));
    await user.click(send());
    expect(screen.getByText('Напишите письмо')).toBeInTheDocument();
    expect(letters(log)).toHaveLength(0);
    await user.type(screen.getByLabelText('Текст письма'), 'Ура');
    await user.click(send());
    await waitFor(() => expect(toasts).toEqual(['Письмо отправлено']));
    expect(letters(log)).toEqual([{ address: 'anna@example.ru', text: 'Ура', message_id: expect.stringMatching(/^\w{20}$/) }]);
    expect(screen.getByLabelText('Текст письма')).toHaveValue('');
    expect(screen.queryByText('Напишите письмо')).not.toBeInTheDocument();
  });

  it.each([[['modify_clients'], /станет каналом клиента/], [[], /отдельным обращением/]])('says where the answer comes, to who has %j', async (more, hint) => {
    for (const role of more) roles.add(role);
    server({ fields: { email: 'anna@example.ru' }, addresses: [address('v1', { kind: 'widget', account_id: 'site' })] }, () => sent);
    show(<Ticket conversation={conversation} />);
    expect(await screen.findByRole('combobox', { name: 'Адрес' })).toHaveAccessibleDescription(hint);
    expect(screen.getByLabelText('Текст письма')).toHaveAccessibleDescription(/не его текст/);
  });

  it('is to be addressed where there are several, and its channel named where the address does not tell it', async () => {
    furnish({ accounts: [account('mail', 'Почта магазина'), account('two', 'Вторая почта')] });
    const log = server({ fields: { email: 'home@example.ru' }, addresses: [address('work@example.ru'), address('lost@example.ru', { unreachable: true })] }, () => sent);
    const { user } = show(<Ticket conversation={conversation} />);
    await user.type(await screen.findByLabelText('Текст письма'), 'x');
    await user.click(send());
    expect(screen.getByText('Выберите адрес')).toBeInTheDocument();
    await user.click(screen.getByRole('combobox', { name: 'Адрес' }));
    expect(screen.queryByRole('option', { name: /lost/ })).not.toBeInTheDocument();
    await user.click(await screen.findByRole('option', { name: 'home@example.ru (из анкеты)' }));
    await user.click(send());
    expect(screen.getByText('Выберите почтовый канал')).toBeInTheDocument();
    await user.click(screen.getByRole('combobox', { name: 'Почтовый канал' }));
    await user.click(await screen.findByRole('option', { name: 'Вторая почта' }));
    await user.click(send());
    await waitFor(() => expect(letters(log)).toMatchObject([{ address: 'home@example.ru', account_id: 'two', text: 'x' }]));
  });

  it('is refused at the field that is wrong, keeps its text and is the same letter when sent again', async () => {
    const answers = [
      { status: 422, body: { kind: 'invalid', field: 'address', detail: "this address is another customer's" } },
      { status: 422, body: { kind: 'invalid', field: 'account_id', detail: 'the center has no e-mail channel' } }, sent,
    ];
    const log = server({ addresses: [address('work@example.ru')] }, () => answers.shift() ?? { status: 500 });
    const { user, unmount } = show(<Ticket conversation={conversation} />);
    await user.type(await screen.findByLabelText('Текст письма'), 'Ура');
    await user.click(send());
    expect(await screen.findByText('Этот адрес уже у другого клиента. Объедините анкеты или исправьте адрес')).toBeInTheDocument();
    expect(screen.getByRole('combobox', { name: 'Адрес' })).toHaveAttribute('aria-invalid', 'true');
    await user.click(send());
    expect(await screen.findByRole('alert')).toHaveTextContent('В центре нет почтового канала');
    await user.click(send());
    await waitFor(() => expect(toasts).toHaveLength(1));
    const names = letters(log).map((each) => (each as { message_id: string }).message_id);
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(1);
    await user.type(screen.getByLabelText('Текст письма'), 'и ещё');
    unmount();
    show(<Ticket conversation={conversation} />);
    expect(await screen.findByLabelText('Текст письма')).toHaveValue('и ещё');
  });

  it('is not written to who has no address', async () => {
    server({ fields: { email: 'нет' } }, () => sent);
    show(<Ticket conversation={conversation} />);
    expect(await screen.findByText(/Писать некуда/)).toBeInTheDocument();
  });
});
