import { useState } from 'react';
import type { About } from './StatisticsPage';

/** What the figures on the page are of, until others have come: nothing of them changes before, nor where they lead to. */
export function useShown(about: About, late: boolean): About {
  const [shown, show] = useState(about);
  if (late || shown === about) return shown;
  show(about);
  return about;
}
