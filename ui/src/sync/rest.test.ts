import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { camel } from './json';
import { Problem } from './problem';
import { get, onUnauthorised, patch, post } from './rest';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

describe('rest', () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  beforeEach(() => {
    fetch.mockReset();
    vi.stubGlobal('fetch', fetch);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('asks with the cookie and leaves out what is not given', async () => {
    fetch.mockResolvedValue(answer(200, { items: [] }));
    await expect(get('/api/v1/customers', { query: 'Аня', limit: 20, none: undefined })).resolves.toEqual({ items: [] });
    expect(fetch).toHaveBeenCalledWith('/api/v1/customers?query=%D0%90%D0%BD%D1%8F&limit=20',
      expect.objectContaining({ method: 'GET', credentials: 'same-origin', body: undefined }));
  });

  it('says from which revision a change was made', async () => {
    fetch.mockImplementation(() => Promise.resolve(answer(200, {})));
    await patch('/x', { fields: {} }, { ifMatch: 7 });
    await patch('/x', {}, { ifMatch: '"tag"' });
    const headers = fetch.mock.calls.map(([, init]) => init?.headers);
    expect(headers).toMatchObject([{ 'If-Match': '"7"', 'Content-Type': 'application/json' }, { 'If-Match': '"tag"' }]);
  });

  it('takes an answer without a body', async () => {
    fetch.mockResolvedValue(answer(204, undefined));
    await expect(post('/x')).resolves.toBeUndefined();
  });

  it('rejects with what the server says is wrong', async () => {
    fetch.mockResolvedValue(answer(422, { title: 'Unprocessable', kind: 'invalid', field: 'login', detail: 'the login is taken' }));
    await expect(post('/x', {})).rejects.toEqual(new Problem({
      status: 422, kind: 'invalid', field: 'login', title: 'Unprocessable', detail: 'the login is taken',
    }));
  });

  it('understands a no that something on the way wrote', async () => {
    fetch.mockResolvedValue(answer(502, '<html>Bad gateway</html>'));
    await expect(get('/x')).rejects.toMatchObject({ status: 502, kind: 'busy', isPassing: true });
    fetch.mockResolvedValue(answer(200, '<html>Sign in to the hotel</html>'));
    await expect(get('/x')).rejects.toMatchObject({ kind: 'fault' });
  });

  it('tells the line from patience and from the caller', async () => {
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(get('/x')).rejects.toMatchObject({ kind: 'network', isPassing: true });
    const control = new AbortController();
    control.abort();
    fetch.mockRejectedValue(control.signal.reason);
    await expect(get('/x', {}, { signal: control.signal })).rejects.toMatchObject({ name: 'AbortError' });
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new DOMException('late', 'TimeoutError')));
    await expect(get('/x')).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('tells who wants to know that nobody is signed in', async () => {
    const listener = vi.fn();
    const stop = onUnauthorised(listener);
    fetch.mockImplementation(() => Promise.resolve(answer(401, { kind: 'denied' })));
    await expect(get('/x')).rejects.toMatchObject({ status: 401 });
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    await expect(get('/x')).rejects.toMatchObject({ status: 401 });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('camel', () => {
  it('renames names and leaves the keys of data', () => {
    expect(camel({
      customer_id: 'a', fields: { last_name: 'x' }, settings: { fields: [{ field_name: 'b' }] }, list: [1, null, 'snake_case'],
    })).toEqual({
      customerId: 'a', fields: { last_name: 'x' }, settings: { fields: [{ fieldName: 'b' }] }, list: [1, null, 'snake_case'],
    });
  });
});
