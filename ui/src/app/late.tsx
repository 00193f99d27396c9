/** Parts of pages that come when they are first looked at. */
import { lazy, Suspense, type ComponentType } from 'react';
import { Lines } from '../kit';

/** A part that is fetched when it is first shown. */
function late<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Part = lazy(async () => ({ default: await load() }));
  return function Late(props: P) {
    return (
      <Suspense fallback={<Lines rows={5} />}>
        <Part {...props} />
      </Suspense>
    );
  };
}

export const CustomerForm = late(async () => (await import('../features/card/CustomerForm')).CustomerForm);
export const PreviousConversations = late(async () => (await import('../features/card/PreviousConversations')).PreviousConversations);
export const Ticket = late(async () => (await import('../features/card/Ticket')).Ticket);
export const VerdictCard = late(async () => (await import('../features/card/VerdictCard')).VerdictCard);
export const IntegrationTab = late(async () => (await import('../features/card/IntegrationTab')).IntegrationTab);
export const Talk = late(async () => (await import('../features/reviews/Talk')).Talk);
export const Thread = late(async () => (await import('../features/work/thread/Thread')).Thread);
