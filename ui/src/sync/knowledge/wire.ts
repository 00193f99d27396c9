/** The server leaves out what is empty; here everything is there. */
import { camel } from '../json';
import {
  emptyAnswer, emptyArticle, emptyAudience, emptyFile, emptyRouting, emptyRow, emptySlot, emptyType,
  type Answer, type Article, type ArticleRow, type ArticleType, type Kept, type KnowledgeFile, type Prompt, type Slot,
} from './model';

type Told<T> = { [K in keyof T]?: unknown };

/** What is told over what is empty. */
function over<T extends object>(empty: T, told: unknown): T {
  const given = Object.entries((told ?? {}) as object).filter(([name, value]) => name in empty && value !== undefined && value !== null);
  return { ...empty, ...Object.fromEntries(given) };
}

const each = <T>(told: unknown, read: (one: unknown) => T): T[] => (Array.isArray(told) ? told.map(read) : []);

/** 64-bit numbers are texts in JSON. */
function fileOf(told: unknown): KnowledgeFile {
  const file = over(emptyFile, told);
  return { ...file, size: Number(file.size) };
}

function promptOf(told: unknown): Prompt {
  const prompt = over<Prompt>({ text: '', attachments: [] }, told);
  return { ...prompt, attachments: each(prompt.attachments, fileOf) };
}

function answerOf(told: unknown): Answer {
  const answer = over(emptyAnswer, told);
  return {
    ...answer,
    attachments: each(answer.attachments, fileOf),
    buttons: each(answer.buttons, (b) => over({ caption: '', articleId: '' }, b)),
    audience: over(emptyAudience, answer.audience),
    conditions: each(answer.conditions, (set) => ({
      all: each((set as Told<{ all: unknown }>).all, (c) => over({ slotId: '', comparison: 'EQUAL' as const, value: '' }, c)),
    })),
  };
}

export function articleOf(told: unknown): Article {
  const article = over(emptyArticle, camel(told));
  return { ...article, routing: over(emptyRouting, article.routing), answers: each(article.answers, answerOf) };
}

export function slotOf(told: unknown): Slot {
  const slot = over(emptySlot, camel(told));
  return {
    ...slot,
    question: promptOf(slot.question),
    confirmation: promptOf(slot.confirmation),
    entries: each(slot.entries, (e) => over({ id: '', caption: '' }, e)),
    least: String(slot.least),
    most: String(slot.most),
  };
}

export const typeOf = (told: unknown): ArticleType => over(emptyType, camel(told));

/** What is kept, with its mark. */
export function keptOf<T>(told: unknown, read: (told: unknown) => T): Kept<T> {
  const { revision = 0, by = '', at = '' } = told as { revision?: number; by?: string; at?: string };
  return { value: read(told), revision: Number(revision), by, at };
}

/** A row of the table says of an article what tells it from others. */
export const rowOf = (told: unknown): ArticleRow => over(emptyRow, camel(told));

/** The same with the server's names. What is empty is left out. */
export function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const said = told(inner);
    if (isNothing(said)) continue;
    // 64-bit numbers are texts in JSON.
    out[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = name === 'size' ? String(said) : said;
  }
  return out;
}

function isNothing(said: unknown): boolean {
  if (said === '' || said === 0) return true;
  if (Array.isArray(said)) return said.length === 0;
  return typeof said === 'object' && said !== null && Object.keys(said).length === 0;
}

/** A slot has bounds, which are numbers, or has none. */
export function toldSlot({ least, most, ...slot }: Slot): object {
  const bound = (text: string) => (text.trim() === '' ? undefined : Number(text));
  return { ...(told(slot) as object), least: bound(least), most: bound(most) };
}
