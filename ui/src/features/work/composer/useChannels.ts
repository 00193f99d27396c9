import { useCallback, useMemo, useState } from 'react';
import { useCustomer, useSession } from '../../../sync';
import { useNames } from '../../../sync/names';

/** Somewhere that a message can go to. */
export interface Channel {
  key: string;
  accountId: string;
  address: string;
  kind: string;
  /** What a person calls the address. */
  label: string;
  /** The customer wrote there last: where messages go by themselves. */
  usual: boolean;
}

export interface Channels {
  all: Channel[];
  chosen: Channel;
  choose: (key: string) => void;
  /** The choice was for one message. */
  reset: () => void;
}

interface Place {
  customerId: string;
  kind: string;
  lastAccountId: string;
  lastAddress: string;
}

/** The customer's channels, and the one that the next message goes to. */
export function useChannels(place: Place): Channels {
  const { may } = useSession();
  const { accountOf: account } = useNames();
  const { data: customer } = useCustomer(may('view_client') ? place.customerId : '');
  const [key, choose] = useState('');

  const all = useMemo(() => {
    const usual = channelOf(place.lastAccountId, place.lastAddress, account(place.lastAccountId)?.kind ?? place.kind, true, account(place.lastAccountId)?.name);
    const others = (customer?.addresses ?? [])
      .filter((a) => !a.unreachable)
      .map((a) => channelOf(a.accountId, a.address, a.kind || (account(a.accountId)?.kind ?? ''), false, account(a.accountId)?.name))
      .filter((c) => c.key !== usual.key);
    return [usual, ...others];
  }, [customer?.addresses, place.lastAccountId, place.lastAddress, place.kind, account]);

  const chosen = all.find((c) => c.key === key) ?? all[0]!;
  const reset = useCallback(() => choose(''), []);
  return useMemo(() => ({ all, chosen, choose, reset }), [all, chosen, reset]);
}

/** Addresses there are names that tell a person nothing. */
const nameless = new Set(['widget', 'api', 'bot']);
/** And so they are here, where the name of our account says more. */
const numbered = new Set(['telegram', 'vk', 'viber', 'max', 'facebook', 'botframework']);

function channelOf(accountId: string, address: string, kind: string, usual: boolean, name = ''): Channel {
  const label = nameless.has(kind) ? '' : numbered.has(kind) ? name : address;
  return { key: `${accountId} ${address}`, accountId, address, kind, label, usual };
}
