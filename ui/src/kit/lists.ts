/** Lists that people put in order. */

export const without = <T>(all: readonly T[], at: number): T[] => all.filter((_, i) => i !== at);

export const replaced = <T>(all: readonly T[], at: number, one: T): T[] => all.map((old, i) => (i === at ? one : old));

/** The thing one place earlier or later; at the end of the list it stays. */
export function moved<T>(all: readonly T[], at: number, by: -1 | 1): T[] {
  const to = at + by;
  const one = all[at];
  if (one === undefined || to < 0 || to >= all.length) return [...all];
  return without(all, at).toSpliced(to, 0, one);
}

/** What is pasted as several lines is several things: without blanks, and none that is there already. */
export function linesOf(text: string, there: readonly string[] = []): string[] {
  const known = new Set(there.map((one) => one.toLocaleLowerCase('ru')));
  const out: string[] = [];
  for (const line of text.split(/\r?\n/).map((l) => l.trim())) {
    const folded = line.toLocaleLowerCase('ru');
    if (line && !known.has(folded)) out.push(line);
    known.add(folded);
  }
  return out;
}
