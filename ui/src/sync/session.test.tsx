import { act, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from './fakesocket';

const oleg = { user: { user_id: 'oleg', login: 'oleg', first_name: 'Олег', last_name: 'Орлов', roles: ['send_files'] } };

/** The session is the page's, so each test has a page of its own. */
describe('the session', () => {
  let answers: Record<string, () => Response>;
  const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

  beforeEach(() => {
    vi.resetModules();
    FakeSocket.all = [];
    answers = { 'GET /api/v1/session': () => json({ kind: 'denied' }, 401) };
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('fetch', (path: string, { method }: RequestInit) =>
      Promise.resolve(answers[`${method} ${path}`]?.() ?? json({ kind: 'not_found' }, 404)));
  });
  afterEach(() => vi.unstubAllGlobals());

  async function open() {
    const { useSession } = await import('./session');
    const { result } = renderHook(() => useSession());
    return result;
  }

  it('is not known until the server has said it', async () => {
    const session = await open();
    expect(session.current).toMatchObject({ user: null, ready: false });
    await waitFor(() => expect(session.current.ready).toBe(true));
    expect(session.current.user).toBeNull();
    expect(FakeSocket.all).toHaveLength(0);
  });

  it('is taken up again after a reload, with its roles and its socket', async () => {
    answers['GET /api/v1/session'] = () => json(oleg);
    const session = await open();
    await waitFor(() => expect(session.current.user).toMatchObject({ userId: 'oleg', firstName: 'Олег', lineIds: [] }));
    expect([session.current.may('send_files'), session.current.may('view_users')]).toEqual([true, false]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('tells why somebody may not come in', async () => {
    answers['POST /api/v1/session'] = () => json({ kind: 'denied', detail: 'the login or the password is wrong' }, 401);
    const session = await open();
    await waitFor(() => expect(session.current.ready).toBe(true));
    await expect(session.current.signIn('oleg', 'x')).rejects.toMatchObject({ status: 401 });
    expect(session.current.user).toBeNull();
  });

  it('begins with the sign-in and leaves nothing behind at its end', async () => {
    answers['POST /api/v1/session'] = () => json(oleg);
    answers['DELETE /api/v1/session'] = () => new Response(null, { status: 204 });
    const session = await open();
    await waitFor(() => expect(session.current.ready).toBe(true));
    await act(() => session.current.signIn('oleg', 'right'));
    expect(session.current.user?.userId).toBe('oleg');
    await act(() => session.current.signOut());
    expect(session.current).toMatchObject({ user: null, ready: true });
    expect(session.current.may('send_files')).toBe(false);
    expect(FakeSocket.last.isClosed).toBe(true);
  });

  it('ends when the server says so', async () => {
    answers['GET /api/v1/session'] = () => json(oleg);
    const session = await open();
    await waitFor(() => expect(session.current.user).not.toBeNull());
    act(() => {
      FakeSocket.last.welcome();
      FakeSocket.last.say({ bye: { reason: 'signed_out' } });
    });
    expect(session.current).toMatchObject({ user: null, ready: true });
  });
});
