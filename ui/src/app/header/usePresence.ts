/** The operator's status: what it is, what may come next, and the change of it. */
import { useMemo } from 'react';
import { useText } from '../../i18n';
import { complain } from '../../kit';
import { desk, useDesk, type Presence } from '../../sync';

export const presences: readonly Presence[] = ['ONLINE', 'OFFLINE', 'INVISIBLE', 'LUNCH', 'TRAINING'];

/** From «Невидимый» one goes out of the net first. */
export function nextOf(presence: Presence): Presence[] {
  return presence === 'INVISIBLE' ? ['OFFLINE'] : presences.filter((p) => p !== presence);
}

/** Whether the open conversations go back to the queue. */
export function givesBack(presence: Presence): boolean {
  return presence !== 'ONLINE' && presence !== 'INVISIBLE';
}

export function usePresence(): { options: Presence[]; set: (p: Presence) => void } {
  const { t } = useText();
  const now = useDesk()?.presence;
  return useMemo(
    () => ({
      options: now ? nextOf(now) : [],
      set: (p) => void desk.setPresence(p).catch(() => complain(t('app.presence.failed'))),
    }),
    [now, t],
  );
}
