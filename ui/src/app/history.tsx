/** The history put together: features do not know each other, so that the app gives each its place. */
import HistoryPage, { type HistorySlots } from '../features/history';
import { Thread } from '../features/work/thread/Thread';
import { Sessions } from '../features/work/sessions/Sessions';
import { CustomerForm, PreviousConversations, Talk } from './late';

const thread: HistorySlots['thread'] = (conversation) => <Thread conversation={conversation} past />;

const slots: HistorySlots = {
  thread,
  previous: (c) => <PreviousConversations customerId={c.customerId} currentId={c.id} renderThread={thread} />,
  customer: (customerId) => <CustomerForm customerId={customerId} />,
  markup: (id, step) => <Talk id={id} step={step} />,
  sessions: (c) => <Sessions conversation={c} narrow />,
};

export default function History() {
  return <HistoryPage slots={slots} />;
}
