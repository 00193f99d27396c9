import { renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apply, blank } from './fold';
import { goldenStory, goldenText } from './golden';
import { usePastConversation } from './past';
import { queryClient } from './query';
import type { Told } from './wire';

/** The events as REST tells them: their versions are numbers there. */
const events = goldenText.flatMap((text) => {
  const { entry } = JSON.parse(text) as { entry?: { stream: string; version: string; fact: Told } };
  return entry?.stream.startsWith('conversation/') ? [{ version: Number(entry.version), fact: entry.fact }] : [];
});

describe('usePastConversation', () => {
  afterEach(() => {
    queryClient.clear();
    vi.unstubAllGlobals();
  });

  it('folds every page as the live ones are folded', async () => {
    vi.stubGlobal('fetch', (path: string) => {
      const after = Number(new URL(path, 'http://x').searchParams.get('after'));
      const items = events.slice(after, after + 10);
      const next = after + 10 < events.length ? after + 10 : 0;
      return Promise.resolve(new Response(JSON.stringify({ items, next })));
    });
    const { result } = renderHook(() => usePastConversation('anna.1'));
    expect(result.current).toMatchObject({ loading: true });
    await waitFor(() => expect(result.current.loading).toBe(false));
    expect(result.current.conversation).toEqual(goldenStory.reduce(apply, blank('anna.1')));
  });

  it('says why it can\'t be read', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"kind":"not_found"}', { status: 404 })));
    const { result } = renderHook(() => usePastConversation('secret.1'));
    await waitFor(() => expect(result.current.error).toMatchObject({ status: 404 }));
    expect(result.current.loading).toBe(false);
  });

  it('asks for nothing without an id', () => {
    const fetch = vi.fn();
    vi.stubGlobal('fetch', fetch);
    expect(renderHook(() => usePastConversation('')).result.current).toEqual({ loading: false });
    expect(fetch).not.toHaveBeenCalled();
  });
});
