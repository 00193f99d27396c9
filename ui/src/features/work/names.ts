/** Names of what a conversation mentions by id. */
import { useText, type Key } from '../../i18n';
import { useWorkplace, type Account, type Topic, type Workplace } from '../../sync';

/** The name of an operator; the id if nobody knows it. */
export function useOperatorName(): (id: string) => string {
  return operatorNames(useWorkplace().operators);
}

/** The account with its channel; none if it is not ours any more. */
export function useAccounts(): (id: string) => Account | undefined {
  return accountsById(useWorkplace().accounts);
}

const operatorNames = once((operators: Workplace['operators']) => {
  const names = new Map(operators.map((o) => [o.userId, o.name]));
  return (id: string) => names.get(id) || id;
});

const accountsById = once((accounts: Workplace['accounts']) => {
  const known = new Map(accounts.map((a) => [a.accountId, a]));
  return (id: string) => known.get(id);
});

/** Makes what is made of a list once for the list, not once for each row that asks. */
function once<L extends object, T>(make: (list: L) => T): (list: L) => T {
  const made = new WeakMap<L, T>();
  return (list) => {
    const known = made.get(list);
    if (known !== undefined) return known;
    const fresh = make(list);
    made.set(list, fresh);
    return fresh;
  };
}

/** A topic with those above it: «Карта / Блокировка». */
export function topicPath(topics: readonly Topic[], id: string): string {
  const known = new Map(topics.map((t) => [t.topicId, t]));
  const path: string[] = [];
  for (let t = known.get(id); t && path.length < 20; t = known.get(t.parentId)) path.unshift(t.name);
  return path.join(' / ');
}

export function useCustomerName(): (c: { customerName: string }) => string {
  const { t } = useText();
  return (c) => c.customerName || t('work.customer.unnamed');
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
