import type { Like } from '../phrase';
import type { app as ru } from '../ru/app';

export const app: Like<typeof ru> = {
  'app.name': 'CraftTalk',
};
