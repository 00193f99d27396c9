/** What a conversation's customer and its turns are called. */
import { useText, type Key } from '../../i18n';
import type { Conversation, Message } from '../../sync';
import { useNames } from '../../sync/names';

export function useCustomerName(): (c: { customerName: string }) => string {
  const { t } = useText();
  return (c) => c.customerName || t('work.customer.unnamed');
}

/** Who wrote a message. */
export function useAuthorName(): (m: Message, c: Pick<Conversation, 'customerName'>) => string {
  const { t } = useText();
  const customer = useCustomerName();
  const { operator } = useNames();
  return (m, c) =>
    m.from === 'customer' ? customer(c)
    : m.from === 'operator' && m.operatorId ? operator(m.operatorId)
    : t(`work.from.${m.from}`);
}

/** Why a conversation went from one to another, as sentences say it. */
export const causes: Record<string, Key | undefined> = {
  NEW_CONVERSATION: 'work.cause.new',
  TRANSFERRED: 'work.cause.transferred',
  OPERATOR_CHOICE: 'work.cause.operator',
  RESPONSE_TIMEOUT: 'work.cause.timeout',
  CONNECTION_LOST: 'work.cause.lost',
  FORCED_OFFLINE: 'work.cause.forced',
  CUSTOMER_RETURNED: 'work.cause.returned',
  AGENT_HANDED_OVER: 'work.cause.agent',
  AGENT_FAILED: 'work.cause.agentFailed',
  RETURNED: 'work.cause.givenBack',
  SILENCE: 'work.cause.silence',
  MERGED: 'work.cause.merged',
};
