/** The English dictionary: the same parts and keys as the Russian one. */
import type { Like } from '../phrase';
import type { ru } from '../ru';
import { app } from './app';
import { kit } from './kit';
import { work } from './work';
import { card } from './card';
import { side } from './side';

export const en: Like<typeof ru> = {
  ...app,
  ...kit,
  ...work,
  ...card,
  ...side,
};
