import type { TabPlace } from '../../kit/sheet/useTabPlace';
import type { Agency } from '../../sync/agents';

export const tabs = ['list', 'chains', 'hours'] as const;
export type Tab = (typeof tabs)[number];

/** What each part of the page is given: all there is, and where one is. */
export interface PartProps {
  agency: Agency;
  place: TabPlace<Tab>;
}
