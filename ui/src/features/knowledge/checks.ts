/** What is wrong with a record before the server is asked: a text by the field's path. */
import type { Answer, Article, ArticleType, Slot } from '../../sync/knowledge';
import { needsValue } from './conditions';
import type { T } from './text';

export type Wrong = Readonly<Record<string, string>>;

/** What the manual allows: digits, Latin and Russian letters, and a few signs. */
const allowed = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}._-]+$/u;

export function checkIdentifier(identifier: string, t: T): Wrong {
  const trimmed = identifier.trim();
  if (!trimmed) return { identifier: t('kb.need.identifier') };
  return allowed.test(trimmed) ? {} : { identifier: t('kb.wrong.identifier') };
}

export function checkArticle(article: Article, t: T): Wrong {
  const parts = article.answers.map((answer, i) => checkAnswer(answer, `answers.${i}`, t));
  return Object.assign({}, checkIdentifier(article.identifier, t), ...parts) as Wrong;
}

function checkAnswer({ text, attachments, buttons, conditions }: Answer, at: string, t: T): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!text.trim() && attachments.length === 0 && buttons.length === 0) wrong[`${at}.text`] = t('kb.need.answer');
  buttons.forEach((button, i) => {
    if (!button.articleId) wrong[`${at}.buttons.${i}.article_id`] = t('kb.need.target');
    if (!button.caption.trim()) wrong[`${at}.buttons.${i}.caption`] = t('kb.need.caption');
  });
  conditions.forEach((set, i) =>
    set.all.forEach((condition, j) => {
      const path = `${at}.conditions.${i}.all.${j}`;
      if (!condition.slotId) wrong[`${path}.slot_id`] = t('kb.need.slot');
      else if (needsValue(condition.comparison) && !condition.value.trim()) wrong[`${path}.value`] = t('kb.need.value');
    }),
  );
  return wrong;
}

export function checkSlot(slot: Slot, t: T): Wrong {
  const wrong: Record<string, string> = { ...checkIdentifier(slot.identifier, t) };
  if (slot.type === 'DICTIONARY') {
    if (slot.entries.length === 0) wrong.entries = t('kb.need.entries');
    slot.entries.forEach(({ id, caption }, i) => {
      if (!id.trim()) wrong[`entries.${i}.id`] = t('kb.need.id');
      else if (slot.entries.some((other, j) => j < i && other.id.trim() === id.trim())) wrong[`entries.${i}.id`] = t('kb.wrong.twice');
      if (!caption.trim()) wrong[`entries.${i}.caption`] = t('kb.need.caption');
    });
  }
  if ((slot.type === 'CAPTURE' || slot.type === 'MATCH') && !slot.pattern.trim()) wrong.pattern = t('kb.need.pattern');
  if (slot.kind === 'ASKED' && !slot.question.text.trim()) wrong['question.text'] = t('kb.need.question');
  for (const bound of ['least', 'most'] as const) {
    if (slot.type === 'INTEGER' && !/^-?\d*$/.test(slot[bound].trim())) wrong[bound] = t('kb.wrong.number');
  }
  return wrong;
}

export const checkType = (type: ArticleType, t: T): Wrong => checkIdentifier(type.identifier, t);
