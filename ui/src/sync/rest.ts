import { Problem } from './problem';

export { Problem };

/** What else one request may say. */
export interface Options {
  /** Values of the query; an undefined one is left out, and a list is named as often as it has values. */
  query?: Query;
  /** The revision or ETag that a change was made from. */
  ifMatch?: number | string;
  /** Ends the request early. */
  signal?: AbortSignal;
  /** The request outlives the page. */
  keepalive?: boolean;
  /** How long it may take, in milliseconds; left out it is what most may. */
  patience?: number;
}

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** How long an answer may take. */
const patience = 15_000;

/** Reads. The answer is the JSON as the server wrote it; see camel in json.ts. */
export function get<T>(path: string, query?: Query, options: Options = {}): Promise<T> {
  return call<T>('GET', path, undefined, { ...options, query: query ?? options.query });
}

export function post<T>(path: string, body?: unknown, options?: Options): Promise<T> {
  return call<T>('POST', path, body, options);
}

export function put<T>(path: string, body: unknown, options?: Options): Promise<T> {
  return call<T>('PUT', path, body, options);
}

export function patch<T>(path: string, body: unknown, options?: Options): Promise<T> {
  return call<T>('PATCH', path, body, options);
}

export function del<T = void>(path: string, options?: Options): Promise<T> {
  return call<T>('DELETE', path, undefined, options);
}

/** One request with the session's cookie. An answer without a body is undefined. */
async function call<T>(method: string, path: string, body: unknown, options: Options = {}): Promise<T> {
  return (await exchange<T>(method, path, body, options)).value;
}

/** The same, with the answer's ETag. */
export async function exchange<T>(
  method: string, path: string, body?: unknown, options: Options = {},
): Promise<{ value: T; etag: string }> {
  const late = AbortSignal.timeout(options.patience ?? patience);
  const signal = options.signal ? AbortSignal.any([late, options.signal]) : late;
  try {
    const answer = await fetch(path + queryOf(options.query), {
      method,
      headers: headersOf(body, options),
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      keepalive: options.keepalive,
      signal,
    });
    if (!answer.ok) throw await refusal(answer);
    const text = answer.status === 204 ? '' : await answer.text();
    return { value: (text ? JSON.parse(text) : undefined) as T, etag: answer.headers.get('ETag') ?? '' };
  } catch (thrown) {
    throw fault(thrown, late, options.signal);
  }
}

function headersOf(body: unknown, options: Options): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.ifMatch !== undefined) headers['If-Match'] = quoted(options.ifMatch);
  return headers;
}

function quoted(revision: number | string): string {
  const text = String(revision);
  return /^(W\/)?"/.test(text) || text === '*' ? text : `"${text}"`;
}

export function queryOf(query: Query | undefined): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) given.append(name, String(one));
  }
  const text = given.toString();
  return text && `?${text}`;
}

/** An answer that is a no. Something between us and the server may have written it. */
async function refusal(answer: Response): Promise<Problem> {
  const told: unknown = await answer.json().catch(() => null);
  return problemFrom(answer.status, told);
}

export function problemFrom(status: number, told: unknown): Problem {
  const details = (told !== null && typeof told === 'object' ? told : {}) as Record<string, unknown>;
  const word = (name: string) => (typeof details[name] === 'string' ? details[name] : '');
  const kind = word('kind') || kindOf(status);
  noticed(status);
  return new Problem({ status, kind, field: word('field'), title: word('title'), detail: word('detail') });
}

function kindOf(status: number): string {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not_found';
  if (status === 409 || status === 412 || status === 428) return 'conflict';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy';
  return status < 500 ? 'invalid' : 'fault';
}

/** What fetch throws: a Problem of ours, the end of our patience, the caller's own will, or the line. */
function fault(thrown: unknown, late: AbortSignal, wish: AbortSignal | undefined): unknown {
  if (thrown instanceof Problem || wish?.aborted) return thrown;
  if (late.aborted) return new Problem({ kind: 'timeout' });
  if (thrown instanceof SyntaxError) return new Problem({ kind: 'fault', detail: thrown.message });
  return new Problem({ kind: 'network' });
}

type Listener = () => void;
const unauthorised = new Set<Listener>();

/** Calls the listener when an answer says that nobody is signed in. */
export function onUnauthorised(listener: Listener): () => void {
  unauthorised.add(listener);
  return () => unauthorised.delete(listener);
}

function noticed(status: number): void {
  if (status === 401) unauthorised.forEach((listener) => listener());
}
