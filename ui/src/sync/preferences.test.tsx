import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryDisk, setDisk } from './disk';
import { closePreferences, openPreferences, usePreferences } from './preferences';

describe('preferences', () => {
  /** The server, with an ETag that rises. */
  let value: Record<string, unknown>;
  let tag: number;
  let isThere: boolean;
  let puts: unknown[];

  beforeEach(() => {
    vi.useFakeTimers();
    setDisk(memoryDisk());
    [value, tag, isThere, puts] = [{}, 1, true, []];
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => Promise.resolve(serve(init)));
  });
  afterEach(() => {
    closePreferences();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  function serve({ method, headers, body }: RequestInit): Response {
    if (!isThere) return new Response('{}', { status: 404 });
    if (method === 'PUT') {
      const match = new Headers(headers).get('If-Match');
      if (match !== null && match !== `"${tag}"`) return new Response('{"kind":"conflict"}', { status: 409 });
      value = JSON.parse(String(body)) as Record<string, unknown>;
      tag += 1;
      puts.push(value);
    }
    return new Response(JSON.stringify(value), { status: 200, headers: { ETag: `"${tag}"` } });
  }

  const mine = () => renderHook(() => usePreferences()).result.current;
  const change = (to: Record<string, unknown>) => {
    const [, set] = mine();
    act(() => set(to));
  };

  it('are the server\'s, and what it does not know is as usual', async () => {
    value = { sendKey: 'enter', colour: 'green' };
    await openPreferences('oleg');
    expect(mine()[0]).toMatchObject({ sendKey: 'enter', colour: 'green', soundMessage: true });
  });

  it('show a change at once and save several as one', async () => {
    await openPreferences('oleg');
    change({ sendKey: 'enter' });
    change({ soundMessage: false });
    expect(mine()[0]).toMatchObject({ sendKey: 'enter', soundMessage: false });
    await vi.advanceTimersByTimeAsync(500);
    expect(puts).toMatchObject([{ sendKey: 'enter', soundMessage: false }]);
  });

  it('keep what was changed elsewhere meanwhile', async () => {
    await openPreferences('oleg');
    value = { ...value, colour: 'red' };
    tag += 1;
    change({ sendKey: 'enter' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(value).toMatchObject({ colour: 'red', sendKey: 'enter' });
    expect(mine()[0]).toMatchObject({ colour: 'red', sendKey: 'enter' });
  });

  it('are remembered by the browser when the server keeps none', async () => {
    isThere = false;
    await openPreferences('oleg');
    change({ sendKey: 'enter' });
    await vi.advanceTimersByTimeAsync(20_000);
    closePreferences();
    expect(mine()[0].sendKey).toBe('ctrlEnter');
    await openPreferences('oleg');
    expect(mine()[0].sendKey).toBe('enter');
  });
});
