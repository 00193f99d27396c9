/** «Мониторинг» put together: a conversation is shown as its operator sees it, and why it waits as everywhere. */
import WallPage, { type WallSlots } from '../features/wall/WallPage';
import { Verdict } from '../features/work/slots';
import { Thread, VerdictCard } from './late';

const slots: WallSlots = {
  thread: (conversation) => (
    <Verdict value={(c, at) => <VerdictCard conversationId={c.id} at={at} />}>
      <Thread key={conversation.id} conversation={conversation} />
    </Verdict>
  ),
  verdict: (id) => <VerdictCard conversationId={id} />,
};

export default function Wall() {
  return <WallPage {...slots} />;
}
