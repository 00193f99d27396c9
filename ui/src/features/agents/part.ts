import type { Agency } from '../../sync/agents';

/** What each part of the page is given: all there is, what is open, and how something else is opened. */
export interface PartProps {
  agency: Agency;
  open: string;
  show: (open: string, replace?: boolean) => void;
}
