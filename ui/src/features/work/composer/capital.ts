/** The automatic capital at the start of a sentence. */

/** Whether a sentence starts after this text. */
export function startsSentence(before: string): boolean {
  return /(^|[.!?…]["»)]?\s+|\n)\s*["«(]?$/u.test(before) && !/\p{L}\.\s*$/u.test(shortened(before));
}

/** Abbreviations end with a point that ends no sentence. */
function shortened(before: string): string {
  return /(?:^|[\s(])(?:т\. ?[дпек]|др|руб|коп|тыс|млн|ул|им|стр|см|г|д|кв|тел|\p{Lu})\.\s*$/u.test(before) ? before : '';
}

/** The capital of one small letter typed there, or undefined if it stays. */
export function capitalOf(before: string, typed: string): string | undefined {
  if ([...typed].length !== 1 || !startsSentence(before)) return undefined;
  const capital = typed.toLocaleUpperCase('ru');
  return capital !== typed && [...capital].length === 1 ? capital : undefined;
}
