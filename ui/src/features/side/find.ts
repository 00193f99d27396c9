/** Finds templates as one types: every word begins some word of the title or the text. */
export function findTemplates<T extends { title: string; text: string }>(all: T[], query: string): T[] {
  const asked = wordsOf(query);
  if (asked.length === 0) return all;
  const inTitle: T[] = [];
  const inText: T[] = [];
  for (const template of all) {
    const title = wordsOf(template.title);
    if (matches(asked, title)) inTitle.push(template);
    else if (matches(asked, [...title, ...wordsOf(template.text)])) inText.push(template);
  }
  return [...inTitle, ...inText];
}

function matches(asked: string[], words: string[]): boolean {
  return asked.every((each) => words.some((word) => word.startsWith(each)));
}

/** «ё» is written as «е» by most. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().replaceAll('ё', 'е').match(/[\p{L}\p{N}]+/gu) ?? [];
}
