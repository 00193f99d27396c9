import { useMantineColorScheme } from '@mantine/core';
import { act, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { LocaleProvider, useText } from '../i18n';
import { Looks } from './App';
import { useOwnLooks } from './useOwnLooks';

const told = vi.hoisted(() => ({ kept: {} as Record<string, unknown>, listeners: new Set<() => void>() }));

vi.mock('../sync', async (original) => {
  const { useSyncExternalStore } = await import('react');
  const listen = (listener: () => void) => {
    told.listeners.add(listener);
    return () => told.listeners.delete(listener);
  };
  return { ...(await original<object>()), usePreferences: () => [useSyncExternalStore(listen, () => told.kept), (change: object) => keep(change)] };
});

function keep(change: object): void {
  told.kept = { ...told.kept, ...change };
  told.listeners.forEach((listener) => listener());
}

beforeEach(() => {
  told.kept = {};
});

function Page() {
  useOwnLooks();
  const { locale, setLocale } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <output>{`${locale} ${colorScheme}`}</output>
      <button type="button" onClick={() => setLocale('en')}>English</button>
      <button type="button" onClick={() => setColorScheme('dark')}>dark</button>
    </>
  );
}

const show = () => render(<LocaleProvider><Looks><Page /></Looks></LocaleProvider>);
const shown = () => screen.getByRole('status').textContent;

it('what is kept of a person is shown once it is known', async () => {
  show();
  expect(shown()).toBe('ru auto');
  act(() => keep({ locale: 'en', colorScheme: 'dark' }));
  await waitFor(() => expect(shown()).toBe('en dark'));
  expect(told.kept).toEqual({ locale: 'en', colorScheme: 'dark' });
});

it('what a person chooses is kept of them, and nothing is before', async () => {
  show();
  expect(told.kept).toEqual({});
  act(() => screen.getByRole('button', { name: 'English' }).click());
  await waitFor(() => expect(told.kept).toEqual({ locale: 'en' }));
  act(() => screen.getByRole('button', { name: 'dark' }).click());
  await waitFor(() => expect(told.kept).toEqual({ locale: 'en', colorScheme: 'dark' }));
  expect(shown()).toBe('en dark');
});
