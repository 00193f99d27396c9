/** The workplace put together: features do not know each other, so that the app gives each its place. */
import { CustomerSearch } from '../features/card/CustomerSearch';
import { ShortForm } from '../features/card/ShortForm';
import { SidePanel } from '../features/side';
import WorkPage, { type WorkSlots } from '../features/work';
import { useWorkplace, type Conversation } from '../sync';
import { CustomerForm, IntegrationTab, PreviousConversations, Ticket, VerdictCard } from './late';

const slots: WorkSlots = {
  search: ({ open }) => <CustomerSearch onStarted={open} />,
  shortForm: (c) => <ShortForm customerId={c.customerId} />,
  customer: (c) => <CustomerForm customerId={c.customerId} />,
  previous: (c, { thread }) => <PreviousConversations customerId={c.customerId} currentId={c.id} renderThread={thread} />,
  ticket: (c) => <Ticket conversation={c} />,
  tabs: (c, tabId) => <Integration conversation={c} tabId={tabId} />,
  side: (id, { insertText }, open) => <SidePanel conversationId={id} onInsert={insertText} open={open} />,
  verdict: (c, at) => <VerdictCard conversationId={c.id} at={at} />,
};

export default function Work() {
  return <WorkPage {...slots} />;
}

function Integration({ conversation, tabId }: { conversation: Conversation; tabId: string }) {
  const tab = useWorkplace().settings.tabs.find((x) => x.tabId === tabId);
  return tab ? <IntegrationTab tab={tab} customerId={conversation.customerId} conversationId={conversation.id} /> : null;
}
