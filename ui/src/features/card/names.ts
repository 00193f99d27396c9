/** What ids of the workplace are called. */
import { useText } from '../../i18n';
import { useChannelName } from '../../kit';
import { useWorkplace, type CustomerAddress } from '../../sync';
import { useNames } from '../../sync/names';
import { identifierOf, shownPhone } from './check';

/** Who changed a field: an operator, the customer, oneself; or just somebody. */
export function useAuthor(): (id: string | undefined) => string {
  const { t } = useText();
  const { user } = useWorkplace();
  const { operator } = useNames();
  return (id) => {
    if (id === undefined) return t('card.clash.someone');
    if (id === '') return t('card.clash.customer');
    return id === user.userId ? t('card.clash.me') : operator(id, t('card.clash.someone'));
  };
}

/** The name of one of our accounts; that of its kind where it has none. */
export function useAccountName(): (accountId: string, kind: string) => string {
  const { account } = useNames();
  const kindName = useChannelName();
  return (accountId, kind) => account(accountId, kindName(kind));
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
