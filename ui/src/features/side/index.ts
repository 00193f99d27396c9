/** The right panel of the workplace, and what of it stands in the profile. */
export { OwnKeys } from './OwnKeys';
export { SidePanel } from './SidePanel';
