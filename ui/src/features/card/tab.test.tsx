import { QueryClientProvider } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { IntegrationTab } from './IntegrationTab';
import { sandboxOf, tabAddress } from '../../kit/tabAddress';
import { queryClient } from '../../sync';
import { serve, show } from './testing';

const who = { customerId: 'c/1 &', conversationId: 'k1' };

it('has the customer in its address', () => {
  expect(tabAddress('https://crm.example/card?id={customer_id}&talk={conversation_id}', who)).toBe('https://crm.example/card?id=c%2F1%20%26&talk=k1');
});

it('is no script and no file', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/relative', '']) expect(tabAddress(url, who), url).toBeNull();
});

it('never leaves the sandbox', () => {
  expect(sandboxOf('https://crm.example/card', 'https://desk.example')).toContain('allow-same-origin');
  expect(sandboxOf('https://desk.example/card', 'https://desk.example')).not.toContain('allow-same-origin');
});

it('tells who set it up wrongly', () => {
  show(<IntegrationTab tab={{ tabId: 't', title: 'CRM', url: 'crm' }} customerId="c1" conversationId="k1" />);
  expect(screen.getByText('Адрес этой вкладки задан неверно')).toBeInTheDocument();
  expect(document.querySelector('iframe')).toBeNull();
});

/** Nothing is fetched for a frame: what matters is its address. */
const inside = window as unknown as { happyDOM: { settings: { disableIframePageLoading: boolean } } };

it('is told whose conversation it is by what the server has signed', async () => {
  inside.happyDOM.settings.disableIframePageLoading = true;
  const asked = serve(({ path }) => (path.startsWith('/api/v1/conversations/k1/tabs/t/context') ? { body: { context: 'a.b.c', until: '2026-01-01T00:00:00Z' } } : undefined));
  show(
    <QueryClientProvider client={queryClient}>
      <IntegrationTab tab={{ tabId: 't', title: 'CRM', url: 'https://crm.example/card#context={context}' }} customerId="c1" conversationId="k1" />
    </QueryClientProvider>,
  );
  expect(await screen.findByTitle('CRM')).toHaveAttribute('src', 'https://crm.example/card#context=a.b.c');
  expect(asked).toHaveLength(1);
});

it('shows no page before it can be told', async () => {
  serve(() => ({ status: 404, body: { kind: 'not_found' } }));
  show(
    <QueryClientProvider client={queryClient}>
      <IntegrationTab tab={{ tabId: 'gone', title: 'CRM', url: 'https://crm.example/card#context={context}' }} customerId="c1" conversationId="k1" />
    </QueryClientProvider>,
  );
  expect(await screen.findByRole('button', { name: 'Повторить' })).toBeInTheDocument();
  expect(document.querySelector('iframe')).toBeNull();
});
