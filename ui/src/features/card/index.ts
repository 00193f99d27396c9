/** The customer: found, shown, changed, merged; earlier conversations, and why one went where it did. */
export { CustomerForm } from './CustomerForm';
export { CustomerSearch } from './CustomerSearch';
export { IntegrationTab } from './IntegrationTab';
export { PreviousConversations } from './PreviousConversations';
export { ShortForm } from './ShortForm';
export { Ticket } from './Ticket';
export { VerdictCard } from './VerdictCard';
