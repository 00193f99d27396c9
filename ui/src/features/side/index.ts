/** The right panel of the workplace. */
export { SidePanel } from './SidePanel';
