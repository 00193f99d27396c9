/** What tests of the card and of the side panel are shown in, and a server that answers them. */
import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { LocaleProvider } from '../../i18n';
import { emptyWorkplace, queryClient, type Workplace } from '../../sync';

export function show(node: ReactNode) {
  const inside = ({ children }: { children: ReactNode }) => (
    <MantineProvider env="test">
      <LocaleProvider initial="ru">{children}</LocaleProvider>
    </MantineProvider>
  );
  return { user: userEvent.setup(), ...render(node, { wrapper: inside }) };
}

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  headers: Headers;
}

type Answer = { status?: number; body?: unknown };

/** Answers requests; returns the list of them. A request that has no answer is a 404. */
export function serve(answer: (asked: Asked) => Answer | undefined): Asked[] {
  const log: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const asked = { method: init.method ?? 'GET', path: url, body, headers: new Headers(init.headers) };
    log.push(asked);
    const told = answer(asked) ?? { status: 404, body: { kind: 'not_found' } };
    const text = told.body === undefined ? null : JSON.stringify(told.body);
    return new Response(text, { status: told.status ?? (text === null ? 204 : 200) });
  });
  return log;
}

/** Furnishes the workplace; what is not told is empty. */
export function furnish(workplace: Omit<Partial<Workplace>, 'settings'> & { settings?: Partial<Workplace['settings']> }): void {
  queryClient.setQueryData(['workplace'], {
    ...emptyWorkplace, ...workplace, settings: { ...emptyWorkplace.settings, ...workplace.settings },
  });
}

/** A customer as the server tells one. */
export function customerJSON(change: Record<string, unknown> = {}) {
  return {
    customer_id: 'c1', name: 'Анна Смирнова', fields: { fname: 'Анна', lname: 'Смирнова', phone: '+79161234567' },
    changed_by: { fname: 'u2' }, revision: 3, test: false, addresses: [], open_conversation: '', conversations: [],
    served_by: [], merged_into: '', absorbed: [], ...change,
  };
}
