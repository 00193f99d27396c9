import { useMemo, useState } from 'react';
import { complain, offerUndo, say } from '../../kit/toast';
import { supervisor, useWall, type WallConversation } from '../../sync/wall';
import type { Acts, Asked } from './acts';
import type { Does } from './Dialogs';
import { useOurReason } from './sentences';
import { useWords } from './text';

/** What a supervisor does, and what is said of it. The wall itself tells what has come of it. */
export function useDoing(): { asked: Asked | null; close: () => void; acts: Acts; does: Does } {
  const { t } = useWords();
  const reason = useOurReason();
  const [asked, ask] = useState<Asked | null>(null);
  return useMemo(() => {
    const nameOf = (c: WallConversation) => c.customerName || t('wall.customer');
    const attempt = async (act: Promise<unknown>, done: () => void) => {
      try {
        await act;
        done();
        return true;
      } catch (thrown) {
        complain(reason(thrown));
        return false;
      }
    };
    const undo = (text: string, act: () => Promise<unknown>) => offerUndo(text, t('kit.undo'), () => void attempt(act(), () => {}));
    const operatorName = (id: string) => useWall.getState().operators.get(id)?.name ?? id;
    const acts: Acts = {
      ask,
      take: (c) => void attempt(supervisor.take(c.id), () => say(t('wall.take.done'))),
      putBack: (c) => {
        const text = t('wall.return.done', { name: nameOf(c) });
        void attempt(supervisor.putBack(c.id), () => (c.phase === 'served' ? undo(text, () => supervisor.assign(c.id, c.keeperId)) : say(text)));
      },
      retry: (id) => void attempt(supervisor.retry(id), () => say(t('wall.failure.retried'))),
    };
    const does: Does = {
      offline: (o) => attempt(supervisor.offline(o.id), () => say(t('wall.offline.done', { name: o.name }))),
      assign: (c, to) => attempt(supervisor.assign(c.id, to), () => say(t('wall.assign.done', { name: operatorName(to) }))),
      prioritize: (c, n) => attempt(supervisor.prioritize(c.id, n), () => undo(t('wall.priority.done', { n }), () => supervisor.prioritize(c.id, c.routing.priority))),
      discard: (id) => attempt(supervisor.discard(id), () => say(t('wall.failure.discarded'))),
    };
    return { asked, close: () => ask(null), acts, does };
  }, [asked, t, reason]);
}
