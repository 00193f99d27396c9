/** Sentences of the server in another language: known ones with holes, whatever stands in them. */

/** A sentence as the server says it, and in Russian. A hole is {}. */
export type Sentence = [english: string, russian: string];

const hole = '{}';
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Makes what says a sentence in Russian, or as it was if it is none of these.
 * The first that fits is taken. What stands in a hole is translated in its
 * turn; English quotes become Russian ones.
 */
export function translator(sentences: readonly Sentence[]): (said: string) => string {
  const patterns = sentences.map(([english, russian]) => ({
    pattern: new RegExp(`^${english.split(hole).map(quoted).join('(.+?)')}$`, 's'),
    pieces: russian.split(hole),
  }));
  const translate = (said: string): string => {
    for (const { pattern, pieces } of patterns) {
      const held = pattern.exec(said);
      if (held) return pieces.map((piece, n) => (n === 0 ? piece : inner(held[n] ?? '') + piece)).join('');
    }
    return said;
  };
  const inner = (said: string) => translate(said).replace(/^"(.*)"$/s, '«$1»');
  return translate;
}
