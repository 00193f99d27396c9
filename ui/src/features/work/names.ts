/** Names of what a conversation mentions by id. */
import { useMemo } from 'react';
import { useText } from '../../i18n';
import { useWorkplace, type Topic } from '../../sync';

/** The name of an operator; the id if nobody knows it. */
export function useOperatorName(): (id: string) => string {
  const { operators } = useWorkplace();
  return useMemo(() => {
    const names = new Map(operators.map((o) => [o.userId, o.name]));
    return (id: string) => names.get(id) || id;
  }, [operators]);
}

/** The kind of the channel that an account belongs to. */
export function useAccounts(): (id: string) => { kind: string; name: string } | undefined {
  const { accounts } = useWorkplace();
  return useMemo(() => {
    const known = new Map(accounts.map((a) => [a.accountId, a]));
    return (id: string) => known.get(id);
  }, [accounts]);
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
