/** «Поиск обращений». The app puts the thread, the customer and the labelling into its slots. */
export { default } from './HistoryPage';
export type { HistorySlots } from './slots';
