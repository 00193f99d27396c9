import { describe, expect, it } from 'vitest';
import { emptyAnswer, emptyArticle, emptySlot } from './model';
import { articleOf, keptOf, slotOf, told, toldSlot } from './wire';

describe('what the server leaves out', () => {
  it('is there and empty', () => {
    expect(articleOf({ article_id: 'a', identifier: 'menu', answers: [{ answer_id: '1', conditions: [{ all: [{ slot_id: 's' }] }], attachments: [{ blob: 'b', size: '7' }] }] })).toEqual({
      ...emptyArticle, articleId: 'a', identifier: 'menu',
      answers: [{
        ...emptyAnswer, answerId: '1', conditions: [{ all: [{ slotId: 's', comparison: 'EQUAL', value: '' }] }],
        attachments: [{ attachmentId: '', name: '', mime: '', size: 7, blob: 'b', source: '' }],
      }],
    });
    expect(slotOf({ slot_id: 's', identifier: 'age', type: 'INTEGER', least: 0 })).toEqual({ ...emptySlot, slotId: 's', identifier: 'age', type: 'INTEGER', least: '0' });
  });

  it('is left out on the way back, and sizes are texts', () => {
    expect(told({ ...emptyArticle, identifier: 'x', typeId: 'qa', answers: [{ ...emptyAnswer, answerId: '1', attachments: [{ attachmentId: 'f', name: '', mime: '', size: 7, blob: 'b', source: '' }] }] })).toEqual({
      identifier: 'x', type_id: 'qa', policy: 'ALL_ANSWERS', answers: [{ answer_id: '1', attachments: [{ attachment_id: 'f', size: '7', blob: 'b' }] }],
    });
  });

  it('keeps a bound that is zero', () => {
    expect(toldSlot({ ...emptySlot, identifier: 'age', type: 'INTEGER', least: '0' })).toEqual({ identifier: 'age', type: 'INTEGER', kind: 'ASKED', least: 0, most: undefined });
  });
});

it('a mark stands beside what is kept', () => {
  expect(keptOf({ type_id: 't', name: 'QA', revision: 3, by: 'olga', at: '2026-01-01T00:00:00Z' }, () => 'value')).toEqual({ value: 'value', revision: 3, by: 'olga', at: '2026-01-01T00:00:00Z' });
});
