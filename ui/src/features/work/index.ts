/** «Работа с обращениями». The app puts the customer and the right panel into its slots. */
export { default } from './WorkPage';
export { Thread } from './thread/Thread';
export type { Slot, WorkSlots, WorkTools } from './tools';
