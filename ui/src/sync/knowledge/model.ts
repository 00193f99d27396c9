/** What the knowledge base is made of. Nothing in it is undefined: what is not said is empty. */

export type AnswerPolicy = 'ALL_ANSWERS' | 'FIRST_ANSWER' | 'RANDOM_ANSWER';
export const policies: readonly AnswerPolicy[] = ['ALL_ANSWERS', 'FIRST_ANSWER', 'RANDOM_ANSWER'];

export type Comparison = 'EQUAL' | 'NOT_EQUAL' | 'LESS' | 'GREATER' | 'CONTAINS' | 'KNOWN' | 'UNKNOWN';

export type SlotType = 'TEXT' | 'DICTIONARY' | 'INTEGER' | 'PHONE' | 'CAPTURE' | 'MATCH';
export const slotTypes: readonly SlotType[] = ['DICTIONARY', 'INTEGER', 'TEXT', 'PHONE', 'CAPTURE', 'MATCH'];

export type SlotKind = 'ASKED' | 'INFERRED';

/** A file of an article. One with a source and no blob is a link to a document. */
export interface KnowledgeFile {
  attachmentId: string;
  name: string;
  mime: string;
  size: number;
  blob: string;
  source: string;
}

export interface ArticleButton {
  caption: string;
  articleId: string;
}

export interface Audience {
  centerIds: string[];
  lineIds: string[];
  skills: string[];
  languages: string[];
}

export interface Condition {
  slotId: string;
  comparison: Comparison;
  value: string;
}

export interface ConditionSet {
  all: Condition[];
}

export interface Answer {
  answerId: string;
  text: string;
  attachments: KnowledgeFile[];
  buttons: ArticleButton[];
  audience: Audience;
  /** One of them must hold; none always does. */
  conditions: ConditionSet[];
}

export interface Routing {
  lineId: string;
  language: string;
  skills: string[];
  priority: number;
}

export interface Article {
  articleId: string;
  identifier: string;
  title: string;
  typeId: string;
  questions: string[];
  policy: AnswerPolicy;
  routing: Routing;
  topicId: string;
  slotIds: string[];
  answers: Answer[];
}

/** An article in a list. */
export interface ArticleRow {
  articleId: string;
  identifier: string;
  title: string;
  typeId: string;
}

export interface Prompt {
  text: string;
  attachments: KnowledgeFile[];
}

export interface Slot {
  slotId: string;
  identifier: string;
  name: string;
  class: string;
  type: SlotType;
  kind: SlotKind;
  question: Prompt;
  confirmation: Prompt;
  entries: { id: string; caption: string }[];
  pattern: string;
  explanation: string;
  attempts: number;
  /** Bounds of an integer, as they are written; empty for none. */
  least: string;
  most: string;
}

export interface ArticleType {
  typeId: string;
  identifier: string;
  name: string;
}

/** Something that is kept, with who kept it last. */
export interface Kept<T> {
  value: T;
  revision: number;
  by: string;
  at: string;
}

export const emptyRouting: Routing = { lineId: '', language: '', skills: [], priority: 0 };
export const emptyAudience: Audience = { centerIds: [], lineIds: [], skills: [], languages: [] };

export const emptyArticle: Article = {
  articleId: '', identifier: '', title: '', typeId: '', questions: [], policy: 'ALL_ANSWERS',
  routing: emptyRouting, topicId: '', slotIds: [], answers: [],
};
export const emptyRow: ArticleRow = { articleId: '', identifier: '', title: '', typeId: '' };
export const emptyAnswer: Answer = { answerId: '', text: '', attachments: [], buttons: [], audience: emptyAudience, conditions: [] };
export const emptySlot: Slot = {
  slotId: '', identifier: '', name: '', class: '', type: 'TEXT', kind: 'ASKED',
  question: { text: '', attachments: [] }, confirmation: { text: '', attachments: [] },
  entries: [], pattern: '', explanation: '', attempts: 0, least: '', most: '',
};
export const emptyType: ArticleType = { typeId: '', identifier: '', name: '' };
export const emptyFile: KnowledgeFile = { attachmentId: '', name: '', mime: '', size: 0, blob: '', source: '' };
