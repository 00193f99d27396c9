/** A record as lines that people read, and how two of them differ. */
import type { Answer, Article, ArticleType, Audience, ConditionSet, KnowledgeFile, Prompt, Slot } from '../../sync/knowledge';
import { needsValue } from './conditions';
import type { T } from './text';

/** What ids are called. */
export interface Names {
  type: (id: string) => string;
  slot: (id: string) => string;
  /** A value of a slot: of a dictionary the caption of its entry. */
  value: (slotId: string, value: string) => string;
  topic: (id: string) => string;
  line: (id: string) => string;
  center: (id: string) => string;
  skill: (id: string) => string;
  language: (id: string) => string;
  article: (id: string) => string;
}

export interface Fact {
  /** The same thing in another version. */
  key: string;
  label: string;
  value: string;
}

export interface Change {
  label: string;
  before: string;
  after: string;
}

/** What differs, in the order of the later one; what is gone stands at the end. */
export function changesOf(before: readonly Fact[], after: readonly Fact[]): Change[] {
  const was = new Map(before.map((fact) => [fact.key, fact]));
  const is = new Set(after.map((fact) => fact.key));
  const all = [...after, ...before.filter((fact) => !is.has(fact.key)).map((fact) => ({ ...fact, value: '' }))];
  return all
    .map(({ key, label, value }) => ({ label, before: was.get(key)?.value ?? '', after: value }))
    .filter((change) => change.before !== change.after);
}

export function articleFacts(article: Article, names: Names, t: T): Fact[] {
  const { routing } = article;
  return [
    fact('identifier', t('kb.identifier'), article.identifier),
    fact('title', t('kb.title'), article.title),
    fact('type', t('kb.type'), names.type(article.typeId)),
    fact('policy', t('kb.policy'), t(`kb.policy.${article.policy}`)),
    fact('questions', t('kb.questions'), lines(article.questions)),
    fact('slots', t('kb.slots'), lines(article.slotIds.map(names.slot))),
    ...article.answers.flatMap((answer, i) => answerFacts(answer, i, names, t)),
    fact('order', t('kb.answers.order'), article.answers.map((a) => start(a.text)).join(' · ')),
    fact('topic', t('kb.topic'), names.topic(article.topicId)),
    fact('routing', t('kb.routing'), lines([
      routing.lineId && `${t('kb.line')}: ${names.line(routing.lineId)}`,
      routing.language && `${t('kb.language')}: ${names.language(routing.language)}`,
      routing.skills.length > 0 && `${t('kb.skills')}: ${routing.skills.map(names.skill).join(', ')}`,
      routing.priority !== 0 && `${t('kb.priority')}: ${routing.priority}`,
    ])),
  ];
}

function answerFacts(answer: Answer, at: number, names: Names, t: T): Fact[] {
  const part = (key: string, label: string, value: string) =>
    fact(`answer ${answer.answerId} ${key}`, `${t('kb.answer.number', { number: at + 1 })}: ${label}`, value);
  return [
    part('text', t('kb.answer.part.text'), answer.text),
    part('files', t('kb.answer.part.files'), files(answer.attachments)),
    part('buttons', t('kb.answer.part.buttons'), lines(answer.buttons.map((b) => `[${b.caption}] → ${names.article(b.articleId)}`))),
    part('conditions', t('kb.answer.part.conditions'), conditionsText(answer.conditions, names, t)),
    part('audience', t('kb.answer.part.audience'), audienceText(answer.audience, names, t)),
  ];
}

/** «Скорость равно «Хорошо» и Возраст больше 18, или …». */
export function conditionsText(sets: readonly ConditionSet[], names: Names, t: T): string {
  const one = (set: ConditionSet) =>
    set.all
      .map((c) => `${names.slot(c.slotId)} ${t(`kb.comparison.${c.comparison}`)}${needsValue(c.comparison) ? ` «${names.value(c.slotId, c.value)}»` : ''}`)
      .join(` ${t('kb.and')} `);
  return sets.map(one).join(` ${t('kb.or')} `);
}

export function audienceText({ centerIds, lineIds, skills, languages }: Audience, names: Names, t: T): string {
  const some = (label: string, ids: readonly string[], name: (id: string) => string) => ids.length > 0 && `${label}: ${ids.map(name).join(', ')}`;
  return lines([
    some(t('kb.centers'), centerIds, names.center),
    some(t('kb.lines'), lineIds, names.line),
    some(t('kb.skills'), skills, names.skill),
    some(t('kb.languages'), languages, names.language),
  ]);
}

export function slotFacts(slot: Slot, t: T): Fact[] {
  return [
    fact('name', t('kb.slot.name'), slot.name),
    fact('identifier', t('kb.identifier'), slot.identifier),
    fact('class', t('kb.slot.class'), slot.class),
    fact('type', t('kb.slot.type'), t(`kb.slot.type.${slot.type}`)),
    fact('kind', t('kb.slot.kind'), t(`kb.slot.kind.${slot.kind}`)),
    fact('question', t('kb.slot.question'), prompt(slot.question)),
    fact('confirmation', t('kb.slot.confirmation'), prompt(slot.confirmation)),
    fact('entries', t('kb.slot.entries'), lines(slot.entries.map((e) => `${e.id} — ${e.caption}`))),
    fact('pattern', t(slot.type === 'PHONE' ? 'kb.slot.mask' : 'kb.slot.pattern'), slot.pattern),
    fact('explanation', t('kb.slot.explanation'), slot.explanation),
    fact('attempts', t('kb.slot.attempts'), slot.attempts ? String(slot.attempts) : ''),
    fact('least', t('kb.slot.least'), slot.least),
    fact('most', t('kb.slot.most'), slot.most),
  ];
}

export const typeFacts = (type: ArticleType, t: T): Fact[] => [
  fact('name', t('kb.type.name'), type.name),
  fact('identifier', t('kb.identifier'), type.identifier),
];

const fact = (key: string, label: string, value: string): Fact => ({ key, label, value });
const lines = (all: readonly (string | false)[]) => all.filter(Boolean).join('\n');
const files = (all: readonly KnowledgeFile[]) => lines(all.map((file) => file.name || file.source));
const prompt = ({ text, attachments }: Prompt) => lines([text, files(attachments)]);

/** The beginning of a text, to tell one answer from another. */
export function start(text: string, most = 40): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  return letters.length > most ? `${letters.slice(0, most).join('')}…` : letters.join('');
}
