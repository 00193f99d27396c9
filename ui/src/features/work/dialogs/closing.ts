/** What must be told before a conversation may be closed. */

export interface Closing {
  topicId: string;
  /** undefined until the question is answered. */
  dissatisfied: boolean | undefined;
}

/** What the operator still has to answer. The question is asked by role or by the center's setting. */
export function missing(closing: Closing, asked: boolean): 'dissatisfied' | undefined {
  return asked && closing.dissatisfied === undefined ? 'dissatisfied' : undefined;
}

/** What is told to the server: an answer that was not asked for is not told. */
export function toldOf(closing: Closing, asked: boolean): { topicId: string; dissatisfied?: boolean } {
  return asked ? { topicId: closing.topicId, dissatisfied: closing.dissatisfied } : { topicId: closing.topicId };
}
