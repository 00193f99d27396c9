/**
 * Problem is why something was not done: problem details (RFC 9457) of the
 * server, the refusal of a frame, or the kinds 'network' and 'timeout' of our own.
 */
export class Problem extends Error {
  readonly status: number;
  /** invalid, denied, not_found, conflict, busy, fault, network or timeout. */
  readonly kind: string;
  /** Of the request, if it is about one. */
  readonly field: string;
  readonly title: string;
  /** A sentence by the server. */
  readonly detail: string;

  constructor(told: { status?: number; kind: string; field?: string; title?: string; detail?: string }) {
    super(told.detail || told.title || told.kind);
    this.name = 'Problem';
    this.status = told.status ?? 0;
    this.kind = told.kind;
    this.field = told.field ?? '';
    this.title = told.title ?? '';
    this.detail = told.detail ?? '';
  }

  /** It may pass by itself: the line, a pause of the server's. */
  get isPassing(): boolean {
    return this.kind === 'network' || this.kind === 'timeout' || this.kind === 'busy';
  }
}

/** Whatever was thrown, as a Problem. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({ kind: 'fault', detail: thrown instanceof Error ? thrown.message : String(thrown) });
}
