/** The Russian dictionary: the source. Each part of the workspace brings its own. */
import { app } from './app';
import { kit } from './kit';

export const ru = {
  ...app,
  ...kit,
} as const;
