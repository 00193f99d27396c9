import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../sync';
import { CustomerForm } from './CustomerForm';
import { useEdits } from './edit';
import { ShortForm } from './ShortForm';
import { customerJSON, furnish, serve, show, type Asked } from './testing';

const roles = vi.hoisted(() => new Set<string>());
vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ may: (role: string) => roles.has(role) }) }));

const field = (name: string, label: string, kind = 'text', required = false) => ({ name, label, kind: kind as 'text', required });

beforeEach(() => {
  queryClient.clear();
  useEdits.setState({ of: {} });
  roles.clear();
  for (const role of ['view_client', 'modify_clients']) roles.add(role);
  furnish({
    user: { userId: 'u1' } as never,
    operators: [{ userId: 'u1', name: 'Анна Белова' }, { userId: 'u2', name: 'Борис Громов' }],
    settings: { fields: [field('fname', 'Имя', 'text', true), field('lname', 'Фамилия'), field('phone', 'Телефон', 'phone')] },
  });
});

/** A server that keeps one customer, as the real one does. */
function keep(customer = customerJSON()) {
  const held = { customer };
  const change = (body: { fields: Record<string, string>; test?: boolean }) => {
    held.customer = { ...held.customer, fields: { ...held.customer.fields, ...body.fields }, test: body.test ?? held.customer.test, revision: held.customer.revision + 1 };
  };
  const log = serve(({ method, body, headers }: Asked) => {
    if (method === 'PATCH') {
      if (headers.get('If-Match') !== `"${held.customer.revision}"`) return { status: 409, body: { kind: 'conflict', status: 409 } };
      change(body as never);
    }
    return { body: held.customer };
  });
  return { log, held, change };
}

const short = async () => within((await screen.findAllByRole('region', { name: 'Анкета клиента' }))[0]!);

async function both() {
  const shown = show(<><ShortForm customerId="c1" /><main><CustomerForm customerId="c1" /></main></>);
  const left = await short();
  await left.findByLabelText(/Имя/);
  return { ...shown, left, full: within(screen.getByRole('main')) };
}

describe('the short and the full form', () => {
  it('show the same values, and a change in either shows in the other', async () => {
    keep();
    const { user, left, full } = await both();
    await user.type(left.getByLabelText('Фамилия'), '-Ким');
    expect(full.getByLabelText('Фамилия')).toHaveValue('Смирнова-Ким');
    await user.clear(full.getByLabelText('Телефон'));
    expect(left.getByLabelText('Телефон')).toHaveValue('');
  });

  it('can be saved once something changed, and not when it was changed back', async () => {
    const { log } = keep();
    const { user, left, full } = await both();
    expect(left.getByRole('button', { name: 'Сохранить анкету' })).toBeDisabled();
    await user.type(left.getByLabelText('Фамилия'), 'я');
    expect(full.getByRole('button', { name: 'Сохранить анкету' })).toBeEnabled();
    await user.type(left.getByLabelText('Фамилия'), '{Backspace}');
    expect(full.getByRole('button', { name: 'Сохранить анкету' })).toBeDisabled();
    await user.type(left.getByLabelText('Фамилия'), 'я');
    await user.click(full.getByRole('button', { name: 'Сохранить анкету' }));
    await waitFor(() => expect(left.getByRole('button', { name: 'Сохранить анкету' })).toBeDisabled());
    const sent = log.filter((each) => each.method === 'PATCH');
    expect(sent.map((each) => each.body)).toEqual([{ fields: { lname: 'Смирновая' } }]);
    expect(left.getByLabelText('Фамилия')).toHaveValue('Смирновая');
  });

  it('keep what is typed for one customer while another is looked at', async () => {
    keep();
    const { user, left, rerender } = await both();
    await user.type(left.getByLabelText('Фамилия'), '!');
    rerender(<p>Другой клиент</p>);
    rerender(<ShortForm customerId="c1" />);
    expect(await screen.findByLabelText('Фамилия')).toHaveValue('Смирнова!');
  });

  it('give up the changes', async () => {
    keep();
    const { user, left, full } = await both();
    await user.type(left.getByLabelText('Фамилия'), '!');
    await user.click(full.getByRole('button', { name: 'Отменить изменения' }));
    expect(left.getByLabelText('Фамилия')).toHaveValue('Смирнова');
  });

  it('do not send what is wrong, and lead to it', async () => {
    const { log } = keep();
    const { user, full } = await both();
    await user.type(full.getByLabelText('Телефон'), ' доб. 5');
    expect(full.queryByText(/Нужен телефон/)).not.toBeInTheDocument();
    await user.click(full.getByRole('button', { name: 'Сохранить анкету' }));
    expect(full.getByLabelText('Телефон')).toHaveAccessibleDescription(/Нужен телефон с кодом/);
    expect(full.getByLabelText('Телефон')).toHaveFocus();
    expect(log.some((each) => each.method === 'PATCH')).toBe(false);
  });

  it('change the type of the account', async () => {
    const { log } = keep();
    const { user, full } = await both();
    await user.click(full.getByRole('radio', { name: 'Тестовый' }));
    await user.click(full.getByRole('button', { name: 'Сохранить анкету' }));
    await waitFor(() => expect(log.find((each) => each.method === 'PATCH')?.body).toEqual({ fields: {}, test: true }));
  });
});

describe('two who change the same form', () => {
  async function clash() {
    const server = keep();
    const shown = await both();
    await shown.user.type(shown.left.getByLabelText(/Имя/), '-Мария');
    await shown.user.type(shown.left.getByLabelText('Фамилия'), '!');
    server.change({ fields: { fname: 'Аня' } });
    await shown.user.click(shown.left.getByRole('button', { name: 'Сохранить анкету' }));
    const told = await shown.full.findByText('Пока вы правили, поле изменил сотрудник Борис Громов: «Аня»');
    return { ...server, ...shown, told };
  }

  it('see whose value is whose, and nothing is overwritten', async () => {
    const { held, left, full } = await clash();
    expect(held.customer.fields.fname).toBe('Аня');
    expect(left.getByLabelText(/Имя/)).toHaveValue('Анна-Мария');
    expect(full.getByText(/изменили одновременно/)).toBeInTheDocument();
    expect(full.getAllByRole('button', { name: 'Оставить моё' })).toHaveLength(1);
  });

  it('may take the other’s', async () => {
    const { user, held, left, full } = await clash();
    await user.click(full.getByRole('button', { name: 'Взять это значение' }));
    expect(left.getByLabelText(/Имя/)).toHaveValue('Аня');
    await user.click(left.getByRole('button', { name: 'Сохранить анкету' }));
    await waitFor(() => expect(held.customer.fields).toMatchObject({ fname: 'Аня', lname: 'Смирнова!' }));
  });

  it('may keep their own', async () => {
    const { user, held, left } = await clash();
    await user.click(left.getByRole('button', { name: 'Оставить моё' }));
    await user.click(left.getByRole('button', { name: 'Сохранить анкету' }));
    await waitFor(() => expect(held.customer.fields).toMatchObject({ fname: 'Анна-Мария', lname: 'Смирнова!' }));
  });

  it('have to choose before anything is saved', async () => {
    const { user, log, full } = await clash();
    const before = log.filter((each) => each.method === 'PATCH').length;
    await user.click(full.getByRole('button', { name: 'Сохранить анкету' }));
    expect(log.filter((each) => each.method === 'PATCH')).toHaveLength(before);
    expect(full.getByLabelText(/Имя/)).toHaveFocus();
  });
});

describe('roles', () => {
  it('of reading give the values and nothing to change them with', async () => {
    keep();
    roles.delete('modify_clients');
    show(<><ShortForm customerId="c1" /><CustomerForm customerId="c1" /></>);
    expect((await screen.findAllByText('Смирнова')).length).toBe(2);
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('that are missing give nothing', () => {
    const { log } = keep();
    roles.clear();
    show(<main><ShortForm customerId="c1" /></main>);
    expect(screen.getByRole('main')).toBeEmptyDOMElement();
    expect(log).toHaveLength(0);
  });
});

describe('a form that cannot be had', () => {
  it('says why and asks again', async () => {
    let fails = true;
    serve(() => (fails ? { status: 404, body: { kind: 'not_found', status: 404 } } : { body: customerJSON() }));
    const { user } = show(<ShortForm customerId="c1" />);
    expect(await screen.findByRole('alert')).toHaveTextContent('Анкета не открылась');
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByLabelText('Фамилия')).toHaveValue('Смирнова');
  });
});
