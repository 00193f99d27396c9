import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryDisk, setDisk } from './disk';
import type { Disk } from './disk';
import { closeDrafts, openDrafts, setDraft, useDraft, useDraftText } from './drafts';

const now = Date.UTC(2026, 2, 1, 9);

describe('drafts', () => {
  let disk: Disk;
  /** What the server was asked, and how it answers. */
  let calls: { method: string; path: string; body: unknown; keepalive?: boolean }[];
  let atServer: unknown[];
  let status: number;

  beforeEach(() => {
    vi.useFakeTimers({ now });
    setDisk((disk = memoryDisk()));
    calls = [];
    atServer = [];
    status = 200;
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      const { method = '', body, keepalive } = init;
      calls.push({ method, path, body: body && JSON.parse(String(body)), keepalive });
      return Promise.resolve(new Response(status === 200 ? JSON.stringify({ items: atServer }) : '{}', { status }));
    });
  });
  afterEach(() => {
    closeDrafts();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const draft = (conversationId: string, accountId: string) => renderHook(() => useDraft(conversationId, accountId)).result.current[0];
  const text = (conversationId: string) => renderHook(() => useDraftText(conversationId)).result.current;
  const type = (words: string, accountId = 'site', conversationId = 'a.1') =>
    act(() => setDraft(conversationId, accountId, { text: words, attachments: [] }));
  const puts = () => calls.filter(({ method }) => method !== 'GET');

  it('belong to one conversation and one channel', async () => {
    await openDrafts('oleg');
    type('сайту');
    vi.advanceTimersByTime(1);
    type('в телеграм', 'telegram');
    expect(draft('a.1', 'site').text).toBe('сайту');
    expect(draft('a.1', 'telegram').text).toBe('в телеграм');
    expect(draft('b.1', 'site')).toEqual({ text: '', attachments: [] });
    expect(text('a.1')).toBe('в телеграм');
    type('', 'telegram');
    expect(text('a.1')).toBe('сайту');
  });

  it('are there again after a reload, without the server', async () => {
    status = 503;
    await openDrafts('oleg');
    type('недописано');
    await vi.advanceTimersByTimeAsync(0);
    closeDrafts();
    expect(draft('a.1', 'site').text).toBe('');
    await openDrafts('olga');
    expect(draft('a.1', 'site').text).toBe('');
    await openDrafts('oleg');
    expect(draft('a.1', 'site').text).toBe('недописано');
  });

  it('are copied to the server once the fingers rest', async () => {
    await openDrafts('oleg');
    type('При');
    await vi.advanceTimersByTimeAsync(900);
    type('Привет');
    await vi.advanceTimersByTimeAsync(900);
    expect(puts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(puts()).toMatchObject([{
      method: 'PUT', path: '/api/v1/me/drafts/a.1', body: { account_id: 'site', text: 'Привет', attachments: [] },
    }]);
    type('');
    await vi.advanceTimersByTimeAsync(1000);
    expect(puts()[1]).toMatchObject({ method: 'DELETE', path: '/api/v1/me/drafts/a.1' });
  });

  it('leave with the page', async () => {
    await openDrafts('oleg');
    type('Привет');
    window.dispatchEvent(new Event('pagehide'));
    expect(puts()).toMatchObject([{ method: 'PUT', keepalive: true }]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(puts()).toHaveLength(1);
  });

  it('are the later ones of here and the server', async () => {
    const kept = (conversationId: string, words: string, at: number) => disk.put('drafts', `oleg/${conversationId}/site`, {
      user: 'oleg', conversationId, accountId: 'site', text: words, attachments: [], at,
    });
    const told = (conversation_id: string, words: string, at: number) =>
      ({ conversation_id, account_id: 'site', text: words, at: new Date(at).toISOString() });
    await kept('old.1', 'здесь раньше', now - 5000);
    await kept('new.1', 'здесь позже', now - 1000);
    await kept('empty.1', '', now - 1000);
    atServer = [
      told('old.1', 'там позже', now - 3000), told('new.1', 'там раньше', now - 3000),
      told('empty.1', 'уже отправлено', now - 3000), told('there.1', 'только там', now - 3000),
    ];
    await openDrafts('oleg');
    expect(['old.1', 'new.1', 'empty.1', 'there.1'].map(text)).toEqual(['там позже', 'здесь позже', '', 'только там']);
  });

  it('keep what is typed while they are read', async () => {
    await disk.put('drafts', 'oleg/a.1/site', {
      user: 'oleg', conversationId: 'a.1', accountId: 'site', text: 'вчера', attachments: [], at: now - 100_000,
    });
    const opening = openDrafts('oleg');
    type('сейчас');
    await opening;
    expect(text('a.1')).toBe('сейчас');
  });

  it('try again when the server has a pause, and stay here when it keeps none', async () => {
    await openDrafts('oleg');
    status = 503;
    type('Привет');
    await vi.advanceTimersByTimeAsync(1000);
    status = 200;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(puts()).toHaveLength(2);
    status = 404;
    await openDrafts('oleg');
    calls = [];
    type('только здесь');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toEqual([]);
    expect(text('a.1')).toBe('только здесь');
  });
});
