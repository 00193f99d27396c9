import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff } from './backoff';
import { FakeSocket } from './fakesocket';
import { Line } from './line';
import type { Connection } from './model';
import type { Problem } from './problem';

describe('Line', () => {
  let line: Line;
  let states: Connection[];
  let isSignedIn: boolean;
  const take = vi.fn();
  const bye = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    states = [];
    isSignedIn = true;
    take.mockReset();
    bye.mockReset();
    line = new Line({
      connect: FakeSocket.open, held: () => [{ stream: 'conversation/a.1', version: 4 }], take, bye,
      changed: (state) => states.push(state), signedIn: () => Promise.resolve(isSignedIn),
    });
    line.start();
  });
  afterEach(() => {
    line.stop('connecting');
    vi.useRealTimers();
  });

  const breakAndReturn = async () => {
    FakeSocket.last.break();
    await vi.advanceTimersByTimeAsync(30_000);
  };

  it('greets with what is held, and is live once that is answered', () => {
    FakeSocket.last.onopen?.();
    expect(FakeSocket.last.sent).toEqual([{ id: 1, hello: { held: [{ stream: 'conversation/a.1', version: 4 }] } }]);
    expect(line.isLive).toBe(false);
    FakeSocket.last.answer(FakeSocket.last.sent[0]);
    expect(states).toEqual(['live']);
  });

  it('resolves what is committed and rejects what is refused', async () => {
    FakeSocket.last.welcome();
    const good = line.ask({ note: { conversation_id: 'a.1', note_id: 'n', text: 't' } });
    const bad = line.ask({ set_topic: { conversation_id: 'a.1', topic_id: 'x' } });
    const [topic] = FakeSocket.last.asked('set_topic');
    FakeSocket.last.answer(topic, { kind: 'invalid', text: 'there is no such topic', field: 'topic_id' });
    FakeSocket.last.answer(FakeSocket.last.asked('note')[0]);
    await expect(good).resolves.toBeUndefined();
    await expect(bad).rejects.toMatchObject({ kind: 'invalid', field: 'topic_id', detail: 'there is no such topic', status: 422 });
  });

  it('sends what waits once it is live, and what was not answered again, in order', async () => {
    const done: string[] = [];
    const ask = (text: string) => line.ask({ note: { conversation_id: 'a.1', note_id: text, text } }).then(() => done.push(text));
    void ask('first');
    void ask('second');
    expect(FakeSocket.last.asked('note')).toEqual([]);
    FakeSocket.last.welcome();
    const [first] = FakeSocket.last.asked('note');
    FakeSocket.last.answer(first);
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(['first']);
    FakeSocket.last.break();
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.welcome();
    expect(FakeSocket.last.asked('note')).toMatchObject([{ note: { note_id: 'second' } }]);
    FakeSocket.last.answer(FakeSocket.last.asked('note')[0], { repeated: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(['first', 'second']);
  });

  it('loses patience, and says whether it was the line', async () => {
    const why: string[] = [];
    const ask = () => void line.ask({ give_back: { conversation_id: 'a.1' } }).catch((problem: Problem) => why.push(problem.kind));
    ask();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(why).toEqual(['network']);
    FakeSocket.last.welcome();
    ask();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(why).toEqual(['network', 'timeout']);
  });

  it('takes a refused second try of an end for done', async () => {
    FakeSocket.last.welcome();
    const closed = line.ask({ close: { conversation_id: 'a.1' } }, { ends: true, patience: Infinity });
    await breakAndReturn();
    FakeSocket.last.welcome();
    FakeSocket.last.answer(FakeSocket.last.asked('close')[0], { kind: 'denied' });
    await expect(closed).resolves.toBeUndefined();
    const refused = line.ask({ close: { conversation_id: 'b.1' } }, { ends: true });
    FakeSocket.last.answer(FakeSocket.last.asked('close')[1], { kind: 'denied' });
    await expect(refused).rejects.toMatchObject({ kind: 'denied' });
  });

  it('waits longer each time, from half a second to thirty, never in step', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((n) => backoff(n, () => 1))).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect([0, 1, 5].map((n) => backoff(n, () => 0))).toEqual([500, 1000, 15_000]);
  });

  it('comes back by itself', async () => {
    FakeSocket.last.welcome();
    FakeSocket.last.break();
    expect(states).toEqual(['live', 'lost']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.welcome();
    expect(states).toEqual(['live', 'lost', 'live']);
  });

  it('comes back at once when the network does, or somebody looks', async () => {
    FakeSocket.last.welcome();
    for (const [target, event] of [[window, 'online'], [document, 'visibilitychange']] as const) {
      const before = FakeSocket.all.length;
      FakeSocket.last.break();
      expect(FakeSocket.all).toHaveLength(before);
      target.dispatchEvent(new Event(event));
      expect(FakeSocket.all).toHaveLength(before + 1);
      FakeSocket.last.welcome();
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeSocket.all).toHaveLength(3); // and no other one beside
  });

  it('asks a silent line for a sign of life, and gives it up without one', async () => {
    FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(FakeSocket.last.asked('seen')).toEqual([{ id: 2, seen: {} }]);
    FakeSocket.last.answer(FakeSocket.last.asked('seen')[0], { kind: 'invalid' });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(states).toEqual(['live']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(states).toEqual(['live', 'lost']);
  });

  it('gives up a handshake that never ends', async () => {
    await vi.advanceTimersByTimeAsync(32_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
    expect(FakeSocket.all[0]?.isClosed).toBe(true);
  });

  it('stops when nobody is signed in', async () => {
    isSignedIn = false;
    await breakAndReturn();
    expect(states).toEqual(['signedOut']);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it.each([['signed_out', 'signedOut'], ['replaced', 'replaced']])('stops when it is told %s', async (reason, state) => {
    FakeSocket.last.welcome();
    const asked = line.ask({ give_back: { conversation_id: 'a.1' } }, { patience: Infinity });
    const problem = expect(asked).rejects.toMatchObject({ kind: 'network' });
    FakeSocket.last.say({ bye: { reason } });
    await problem;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states).toEqual(['live', state]);
    expect(FakeSocket.all).toHaveLength(1);
    expect(bye).toHaveBeenCalledWith(reason);
  });

  it.each(['too_slow', 'stopping', 'fault', 'rights'])('comes back when it is told %s', async (reason) => {
    FakeSocket.last.welcome();
    FakeSocket.last.say({ bye: { reason } });
    FakeSocket.last.break();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('hears nothing from a socket that it has left', async () => {
    const old = FakeSocket.last;
    old.welcome();
    line.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    take.mockReset();
    old.say({ gone: { stream: 'conversation/a.1' } });
    old.break();
    expect(take).not.toHaveBeenCalled();
    expect(FakeSocket.all).toHaveLength(2);
  });
});
