import type { Change } from './fold';
import { happen } from './fold';
import type { Conversation, Known } from './model';
import { list, object, words } from './wire';

/** What the facts of surveys do to a copy of a conversation. The conversation asks by itself; the screens only tell how far it is. */
export const surveyFacts: Record<string, Change> = {
  survey_begun: (c, v, { at }) => {
    const told = object(v.survey);
    const slots = list(told.slots, (each) => ({ id: words(object(each).slot_id), name: words(object(each).name) || words(object(each).identifier) }));
    if (slots.length === 0) return;
    c.survey = { id: words(told.survey_id), articleId: words(told.article_id), title: words(told.title), slots, asked: '', filled: [] };
    happen(c, { kind: 'survey', at, operatorId: words(v.operator_id), detail: 'BEGUN', title: c.survey.title });
  },
  slot_asked: (c, v) => {
    if (c.survey?.id === v.survey_id && c.survey) c.survey = { ...c.survey, asked: words(v.slot_id) };
  },
  slot_filled: (c, v) => {
    const id = words(v.slot_id);
    const name = c.survey?.slots.find((each) => each.id === id)?.name;
    if (c.survey && name !== undefined && !c.survey.filled.includes(id)) c.survey = { ...c.survey, filled: [...c.survey.filled, id] };
    learn(c, { class: words(v.class), name: name || words(v.identifier) || words(v.class), value: words(v.caption) || words(v.value) });
  },
  survey_ended: (c, v, { at }) => {
    if (c.survey?.id !== v.survey_id || !c.survey) return;
    happen(c, { kind: 'survey', at, operatorId: words(v.by), detail: words(v.outcome) || 'SURVEY_COMPLETED', title: c.survey.title });
    c.survey = null;
  },
};

/** The latest value of each class is what is known. */
function learn(c: Conversation, next: Known): void {
  c.known = [...c.known.filter((each) => each.class !== next.class), next];
}
