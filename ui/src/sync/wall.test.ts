import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from './fakesocket';
import { goldenStory } from './golden';
import story from './testdata/frames.json';
import told from './testdata/wall.json';
import { onAlert, openWall, useWall, watch } from './wall';
import type { Told } from './wire';

const frames = told as Told[];
const entries = (story as Told[]).filter((f) => String((f.entry as Told | undefined)?.stream).startsWith('conversation/'));

let close: () => void;
const raised = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  raised.mockReset();
  close = openWall(FakeSocket.open);
  FakeSocket.last.welcome();
});
afterEach(() => {
  close();
  vi.useRealTimers();
});

const watched = () => useWall.getState().watched;

describe('the line to the wall', () => {
  it('shows a moment when all of it is there', () => {
    FakeSocket.last.say(frames[0]!);
    expect(useWall.getState().operators.size).toBe(0);
    FakeSocket.last.say(frames[1]!);
    expect(useWall.getState()).toMatchObject({ ready: true, connection: 'live' });
    expect(useWall.getState().operators.size).toBe(2);
  });

  it('tells alerts that are raised, and not those that were up before', () => {
    const stop = onAlert(raised);
    FakeSocket.last.say(frames[0]!);
    FakeSocket.last.say(frames[1]!);
    expect(raised).not.toHaveBeenCalled();
    const alert = { alert_id: 'queue/shop/help', kind: 'queue', center_id: 'shop', subject_id: 'help', value: 11, bound: 10 };
    FakeSocket.last.say({ wall: { alerts: [alert] } });
    FakeSocket.last.say({ wall: { alerts: [alert] } });
    expect(raised).toHaveBeenCalledTimes(1);
    expect(raised).toHaveBeenCalledWith(expect.objectContaining({ id: 'queue/shop/help', value: 11 }));
    stop();
  });

  it('forgets everything with its end', () => {
    frames.forEach((frame) => FakeSocket.last.say(frame));
    close();
    expect(useWall.getState()).toMatchObject({ ready: false, watched: null });
    expect(useWall.getState().conversations.size).toBe(0);
  });
});

// proves MN-03
describe('a conversation that is read along', () => {
  it('is folded from its events, and asked for from where it was when the line broke', async () => {
    watch('anna.1');
    expect(FakeSocket.last.asked('watch')).toEqual([expect.objectContaining({ watch: { conversation_id: 'anna.1', version: 0 } })]);
    FakeSocket.last.answer(FakeSocket.last.asked('watch')[0]);
    entries.slice(0, 5).forEach((entry) => FakeSocket.last.say(entry));
    await vi.advanceTimersByTimeAsync(20);
    expect(watched()?.conversation).toMatchObject({ id: 'anna.1', version: 5, phase: 'waiting' });
    FakeSocket.last.break();
    await vi.advanceTimersByTimeAsync(30_000);
    FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.last.asked('watch')).toEqual([expect.objectContaining({ watch: { conversation_id: 'anna.1', version: 5 } })]);
    entries.slice(5).forEach((entry) => FakeSocket.last.say(entry));
    await vi.advanceTimersByTimeAsync(20);
    expect(watched()?.conversation?.version).toBe(goldenStory.length);
  });

  it('is left for another, of which nothing of the first is shown', () => {
    watch('anna.1');
    watch('boris.1');
    expect(FakeSocket.last.asked('unwatch')).toEqual([expect.objectContaining({ unwatch: { conversation_id: 'anna.1' } })]);
    FakeSocket.last.say(entries[0]!);
    vi.advanceTimersByTime(20);
    expect(watched()).toEqual({ id: 'boris.1', conversation: null, problem: null });
  });

  it('that has ended is read as the past is', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ items: [{ version: 1, fact: { conversation_opened: { at: '2026-03-01T09:00:00Z', customer_name: 'Анна' } } }], next: 0 }));
    watch('anna.1');
    FakeSocket.last.answer(FakeSocket.last.asked('watch')[0], { kind: 'not_found', text: 'there is no open conversation' });
    await vi.advanceTimersByTimeAsync(20);
    expect(watched()?.conversation).toMatchObject({ customerName: 'Анна', version: 1 });
  });

  it('that may not be seen any more is taken from the screen', async () => {
    watch('anna.1');
    entries.slice(0, 3).forEach((entry) => FakeSocket.last.say(entry));
    await vi.advanceTimersByTimeAsync(20);
    FakeSocket.last.say({ gone: { stream: 'conversation/anna.1' } });
    expect(watched()).toMatchObject({ conversation: null, problem: { status: 404 } });
  });

  it('of which an event is missing is asked for anew', () => {
    watch('anna.1');
    FakeSocket.last.say(entries[0]!);
    const before = FakeSocket.all.length;
    FakeSocket.last.say(entries[4]!);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all.length).toBeGreaterThan(before);
  });
});
