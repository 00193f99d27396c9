/** How two texts differ, word by word. */

export interface Piece {
  text: string;
  how: 'same' | 'gone' | 'new';
}

/** Longer ones are compared as wholes: nobody reads such a difference word by word. */
const most = 600;

const wordsOf = (text: string) => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

export function wordDifference(before: string, after: string): Piece[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  if (a.length > most || b.length > most) return joined([{ text: before, how: 'gone' }, { text: after, how: 'new' }]);
  const shared = common(a, b);
  const out: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ text: a[i]!, how: 'same' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && shared[i + 1]![j]! >= shared[i]![j + 1]!)) {
      out.push({ text: a[i++]!, how: 'gone' });
    } else {
      out.push({ text: b[j++]!, how: 'new' });
    }
  }
  return joined(out);
}

/** How many words the ends of both share, from each pair of places on. */
function common(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

/** Neighbours of one kind are one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.how === piece.how) last.text += piece.text;
    else if (piece.text) out.push({ ...piece });
  }
  return out;
}
