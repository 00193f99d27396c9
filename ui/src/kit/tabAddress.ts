/** The address of an integration tab with the customer in it; null if it is none that may be shown. */
export function tabAddress(url: string, values: { customerId: string; conversationId: string; context?: string }): string | null {
  const filled = url
    .replaceAll('{customer_id}', encodeURIComponent(values.customerId))
    .replaceAll('{conversation_id}', encodeURIComponent(values.conversationId))
    .replaceAll('{context}', values.context ?? '');
  const parsed = URL.parse(filled);
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null;
}

/**
 * What the page inside may do. It keeps its own origin, so that its sign-in
 * works; a page of our own origin would thereby be out of the sandbox, and does not.
 */
export function sandboxOf(address: string, own: string): string {
  const usual = 'allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';
  return new URL(address).origin === own ? usual : `${usual} allow-same-origin`;
}

/** Whether a tab is told whose conversation it is by what the server has signed. */
export const isSigned = (url: string) => url.includes('{context}');
