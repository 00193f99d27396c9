import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../i18n';
import { Problem } from '../../sync';
import { SignIn } from './SignIn';

const signIn = vi.hoisted(() => vi.fn());
vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ signIn }) }));

const show = () =>
  render(
    <LocaleProvider>
      <MantineProvider env="test">
        <SignIn />
      </MantineProvider>
    </LocaleProvider>,
  );

beforeEach(() => {
  signIn.mockReset().mockResolvedValue(undefined);
});

async function fillIn(login: string, password: string) {
  await userEvent.type(screen.getByLabelText('Логин'), login);
  await userEvent.type(screen.getByLabelText('Пароль'), `${password}{Enter}`);
}

it('signs in by the keyboard', async () => {
  show();
  await fillIn(' anna ', 'secret');
  expect(signIn).toHaveBeenCalledWith('anna', 'secret');
});

it('does not tell which of the two was wrong', async () => {
  signIn.mockRejectedValue(new Problem({ status: 401, kind: 'denied', detail: 'wrong password' }));
  show();
  await fillIn('anna', 'nope');
  expect(await screen.findByRole('alert')).toHaveTextContent(/^Неверный логин или пароль$/);
  expect(screen.getByLabelText('Пароль')).toHaveFocus();
});

it('asks to wait after too many attempts', async () => {
  signIn.mockRejectedValue(new Problem({ status: 429, kind: 'busy' }));
  show();
  await fillIn('anna', 'nope');
  expect(await screen.findByRole('alert')).toHaveTextContent('Слишком много попыток');
});

it('leads to the first empty field', async () => {
  show();
  await userEvent.click(screen.getByRole('button', { name: 'Войти' }));
  expect(signIn).not.toHaveBeenCalled();
  expect(screen.getByLabelText('Логин')).toHaveFocus();
  expect(screen.getByLabelText('Логин')).toHaveAccessibleDescription('Заполните это поле');
});

it('shows the password when asked', async () => {
  show();
  await userEvent.click(screen.getByRole('button', { name: 'Показать пароль' }));
  expect(screen.getByLabelText('Пароль')).toHaveAttribute('type', 'text');
});

it('speaks English', async () => {
  show();
  await userEvent.click(screen.getByRole('button', { name: 'English' }));
  expect(await screen.findByRole('heading', { name: 'Sign in to CraftTalk' })).toBeInTheDocument();
  expect(document.documentElement.lang).toBe('en');
});
