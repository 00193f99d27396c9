import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { IntegrationTab } from './IntegrationTab';
import { sandboxOf, tabAddress } from './tab';
import { show } from './testing';

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
