import { describe, expect, it } from 'vitest';
import { apply, blank } from './fold';
import type { Conversation } from './model';

/** The conversation after facts, one after the other. */
function after(...facts: [name: string, value: Record<string, unknown>][]): Conversation {
  return facts.reduce((c, [name, value], i) => (
    apply(c, { stream: 'conversation/anna.1', version: i + 1, fact: { name, at: 1000 + i, value } })
  ), blank('anna.1'));
}

const begun = ['survey_begun', {
  operator_id: 'olga',
  survey: { survey_id: 's1', article_id: 'quality', title: 'Качество', slots: [{ slot_id: '1', name: 'Скорость' }, { slot_id: '2', identifier: 'tone' }] },
}] as [string, Record<string, unknown>];
const asked = ['slot_asked', { survey_id: 's1', slot_id: '2' }] as [string, Record<string, unknown>];

describe('a survey', () => {
  it('is known while it runs', () => {
    expect(after(begun, asked)).toMatchObject({
      survey: { id: 's1', articleId: 'quality', title: 'Качество', asked: '2', slots: [{ id: '1', name: 'Скорость' }, { id: '2', name: 'tone' }] },
      items: [{ happening: { kind: 'survey', detail: 'BEGUN', title: 'Качество', operatorId: 'olga' } }],
    });
  });

  it('leaves what was learnt, the latest of each', () => {
    const c = after(
      begun,
      ['slot_filled', { survey_id: 's1', slot_id: '1', identifier: 'speed', class: 'speed', value: 'bad', caption: 'Плохо' }],
      ['slot_filled', { survey_id: 's1', slot_id: '1', identifier: 'speed', class: 'speed', value: 'good', caption: 'Хорошо' }],
      ['survey_ended', { survey_id: 's1', outcome: 'SURVEY_ABANDONED' }],
      ['slot_filled', { class: 'city', value: 'Пермь' }],
    );
    expect(c.survey).toBeNull();
    expect(c.known).toEqual([{ class: 'speed', name: 'Скорость', value: 'Хорошо' }, { class: 'city', name: 'city', value: 'Пермь' }]);
    expect(c.items.at(-1)).toMatchObject({ happening: { kind: 'survey', detail: 'SURVEY_ABANDONED', title: 'Качество' } });
  });

  it('of which only the end is told, or of another, changes nothing', () => {
    expect(after(['survey_ended', { survey_id: 's9' }]).items).toEqual([]);
    expect(after(begun, ['survey_ended', { survey_id: 's9' }]).survey).not.toBeNull();
  });

  it('without slots is an answer and no survey', () => {
    expect(after(['survey_begun', { survey: { survey_id: 's1', title: 'Часы работы' } }])).toMatchObject({ survey: null, items: [] });
  });
});
