import type { heldBack as ru } from '../ru/heldBack';
import type { Like } from '../index';

export const heldBack: Like<typeof ru> = {
  'held.virus': 'The file did not pass the virus check',
  'held.virus.text': 'It can’t be opened or downloaded. Found: {virus}.',
  'held.unchecked': 'The file is not checked for viruses yet',
  'held.unchecked.text': 'The virus check does not answer now. The file can’t be opened before it; try again later.',
  'held.from': 'Sent by {name}',
  'held.again': 'Check again',
  'held.again.of': 'Check the file {name} again',
};
