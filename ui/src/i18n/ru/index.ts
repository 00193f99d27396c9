/** The Russian dictionary: the source. Each part of the workspace brings its own. */
import { app } from './app';
import { kit } from './kit';
import { work } from './work';
import { card } from './card';
import { side } from './side';

export const ru = {
  ...app,
  ...kit,
  ...work,
  ...card,
  ...side,
} as const;
