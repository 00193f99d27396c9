/** A fact of a stream, in the place it has there. */
export interface Entry {
  stream: string;
  version: number;
  fact: Fact;
}

/** A fact by its name in the envelope, such as message_received. */
export interface Fact {
  name: string;
  /** When it happened; 0 if it does not say. */
  at: number;
  value: Record<string, unknown>;
}

export function factOf(_told: unknown): Fact {
  throw new Error('soon');
}
