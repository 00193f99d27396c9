/** What ids of the workplace are called. */
import { useText } from '../../i18n';
import { useChannelName } from '../../kit/ChannelIcon';
import { useWorkplace, type CustomerAddress } from '../../sync';
import { identifierOf, shownPhone } from './check';

/** The name of an operator; nobody's is empty. */
export function useOperatorName(): (id: string) => string {
  const { operators } = useWorkplace();
  return (id) => operators.find((each) => each.userId === id)?.name ?? '';
}

/** Who changed a field: an operator, the customer, oneself; or just somebody. */
export function useAuthor(): (id: string | undefined) => string {
  const { t } = useText();
  const { user } = useWorkplace();
  const operator = useOperatorName();
  return (id) => {
    if (id === undefined) return t('card.clash.someone');
    if (id === '') return t('card.clash.customer');
    return id === user.userId ? t('card.clash.me') : operator(id) || t('card.clash.someone');
  };
}

/** The name of one of our accounts; that of its kind where it has none. */
export function useAccountName(): (accountId: string, kind: string) => string {
  const { accounts } = useWorkplace();
  const kindName = useChannelName();
  return (accountId, kind) => accounts.find((each) => each.accountId === accountId)?.name || kindName(kind);
}

/** A topic with those above it: «Доставка / Сроки». */
export function useTopicPath(): (topicId: string) => string {
  const { topics } = useWorkplace();
  return (topicId) => {
    const path: string[] = [];
    let at = topics.find((each) => each.topicId === topicId);
    while (at && path.length < 10) {
      path.unshift(at.name);
      const parent: string = at.parentId;
      at = topics.find((each) => each.topicId === parent);
    }
    return path.join(' / ');
  };
}

/** Where a customer is: what people call it, and what goes with it. The id of a visitor of a site says nothing to people. */
export function useAddressName(): (address: Pick<CustomerAddress, 'accountId' | 'kind' | 'address'>) => { title: string; detail: string } {
  const { t } = useText();
  const account = useAccountName();
  return ({ accountId, kind, address }) => {
    const name = account(accountId, kind);
    if (kind === 'widget') return { title: name, detail: t('card.visitor', { tail: address.slice(-5) }) };
    return { title: identifierOf(kind) === 'phone' ? shownPhone(address) : address, detail: name };
  };
}
