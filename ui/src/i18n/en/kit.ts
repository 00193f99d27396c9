import type { Like } from '../phrase';
import type { kit as ru } from '../ru/kit';

export const kit: Like<typeof ru> = {
  'kit.retry': 'Try again',
};
