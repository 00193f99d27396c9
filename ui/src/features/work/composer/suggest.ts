/** Templates that fit what is being typed. */

export interface Template {
  templateId: string;
  title: string;
  text: string;
}

export interface Suggestion {
  template: Template;
  /** How many characters before the cursor the phrase repeats, and so takes the place of. */
  covers: number;
}

const ENOUGH = 3;
const MOST = 3;

/** Up to three templates whose phrase goes on from the sentence that is being typed. */
export function suggest(templates: readonly Template[], before: string): Suggestion[] {
  const typed = fragment(before);
  if (typed.length < ENOUGH) return [];
  const wanted = plain(typed);
  return templates
    .filter((t) => plain(t.text).startsWith(wanted) && plain(t.text) !== wanted)
    .slice(0, MOST)
    .map((template) => ({ template, covers: typed.length }));
}

/** The part of the sentence before the cursor. */
function fragment(before: string): string {
  return before.split(/[.!?…]\s+|\n/u).at(-1)?.trimStart() ?? '';
}

/** What «/» at the start of the field asks for; undefined if it asks for nothing. */
export function slashQuery(text: string, caret: number): string | undefined {
  const typed = text.slice(0, caret);
  return /^\/[^\n]{0,60}$/u.test(typed) ? typed.slice(1) : undefined;
}

/** Templates each word of the query begins a word of. */
export function filterTemplates(templates: readonly Template[], query: string): Template[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return templates.filter((t) => {
    const there = plain(`${t.title} ${t.text}`).split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => there.some((w) => w.startsWith(word)));
  });
}

function plain(text: string): string {
  return text.toLocaleLowerCase('ru').replaceAll('ё', 'е');
}
