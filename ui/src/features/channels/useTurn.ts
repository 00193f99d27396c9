import { useState } from 'react';
import { complain, useReason } from '../../kit';
import { putAccount, type ChannelAccount } from '../../sync';

/** Switches an account on and off, and leaves all else as it is. */
export function useTurn({ account_id, kind, name, center_id, routing, settings, revision }: ChannelAccount) {
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const turn = (on: boolean) => {
    setBusy(true);
    putAccount(account_id, { kind, name, center_id, routing, settings: settings ?? {}, disabled: !on, revision })
      .catch((e: unknown) => complain(reason(e)))
      .finally(() => setBusy(false));
  };
  return { busy, turn };
}
