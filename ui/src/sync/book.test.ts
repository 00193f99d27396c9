import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Book } from './book';
import { goldenFrames, goldenStory } from './golden';
import { emptyWorkspace } from './store';
import type { Workspace } from './store';
import type { Entry, FromServer } from './wire';

const stream = 'conversation/anna.1';
const [, snapshot] = goldenFrames as [FromServer, FromServer];
const entries = (from: number, to: number): FromServer[] =>
  goldenStory.slice(from - 1, to).map((entry) => ({ is: 'entry', entry }));
/** The story up to the assignment to Oleg. */
const assigned = 8;

describe('Book', () => {
  let book: Book;
  let seen: Workspace;
  const settled = vi.fn();
  const take = (...frames: FromServer[]) => frames.map((frame) => book.take(frame));
  const publish = () => (seen = { ...seen, ...book.publish(seen) });

  beforeEach(() => {
    vi.useFakeTimers();
    settled.mockReset();
    book = new Book({ shown: (conversation) => conversation, settled, schedule: () => undefined });
    seen = emptyWorkspace;
    take(snapshot);
  });
  afterEach(() => void vi.useRealTimers());

  it('shows nothing half told: the screens wait for the end of the story', () => {
    take(...entries(1, assigned));
    publish();
    expect(seen).toMatchObject({ ids: [], conversations: {}, desk: { operatorId: 'oleg' } });
    book.setLive(true);
    publish();
    expect(seen.ids).toEqual(['anna.1']);
    expect(seen.conversations['anna.1']).toMatchObject({ version: assigned, operatorId: 'oleg' });
    expect(book.takeNews()).toEqual([]);
  });

  it('tells the server how far it holds', () => {
    take(...entries(1, 5));
    expect(book.held()).toEqual([{ stream, version: 5 }]);
  });

  it('passes over what it has already', () => {
    take(...entries(1, assigned));
    book.setLive(true);
    publish();
    const before = seen.conversations['anna.1'];
    expect(take(...entries(3, assigned))).not.toContain(false);
    publish();
    expect(seen.conversations['anna.1']).toBe(before);
  });

  it('keeps the identity of conversations that did not change', () => {
    const other = (entry: Entry): FromServer => ({ is: 'entry', entry: { ...entry, stream: 'conversation/boris.1' } });
    take(...entries(1, assigned), ...goldenStory.slice(0, assigned).map(other));
    book.setLive(true);
    publish();
    const { 'anna.1': anna, 'boris.1': boris } = seen.conversations;
    take(...entries(9, 9));
    publish();
    expect(seen.conversations['boris.1']).toBe(boris);
    expect(seen.conversations['anna.1']).not.toBe(anna);
  });

  it('asks for a new beginning after a gap, and shows the old until it is told', () => {
    take(...entries(1, assigned));
    book.setLive(true);
    publish();
    expect(take(...entries(10, 10))).toEqual([false]);
    expect(book.held()).toEqual([]); // so the stream comes from its first entry
    book.setLive(false);
    take(snapshot, ...entries(1, 4));
    publish();
    expect(seen).toMatchObject({ ids: ['anna.1'], conversations: { 'anna.1': { version: assigned } } });
    take(...entries(5, 10));
    book.setLive(true);
    publish();
    expect(seen).toMatchObject({ ids: ['anna.1'], conversations: { 'anna.1': { version: 10 } } });
  });

  it('begins a stream anew when the server says so, also one that is shorter now', () => {
    take(...entries(1, 12));
    book.setLive(true);
    publish();
    book.setLive(false);
    take(snapshot, { is: 'reset', stream }, ...entries(1, assigned));
    book.setLive(true);
    publish();
    expect(seen.conversations['anna.1']).toMatchObject({ version: assigned });
    expect(book.held()).toEqual([{ stream, version: assigned }]);
  });

  it('sees a gap in the operator\'s own stream', () => {
    const own = goldenFrames.filter((frame) => frame.is === 'entry' && frame.entry.stream === 'operator/oleg');
    expect(take(own[0] as FromServer, own[0] as FromServer)).toEqual([true, true]);
    expect(take(own[2] as FromServer)).toEqual([false]);
  });

  it('keeps what has left readable, and does not call it held', () => {
    take(...entries(1, assigned));
    book.setLive(true);
    take(...entries(9, goldenStory.length), { is: 'gone', stream });
    publish();
    expect(seen.ids).toEqual([]);
    expect(seen.conversations['anna.1']).toMatchObject({ phase: 'closed' });
    expect(book.held()).toEqual([]);
  });

  it('forgets the oldest of many that have left', () => {
    book.setLive(true);
    for (let n = 1; n <= 25; n += 1) {
      const name = `conversation/c${n}`;
      take(...goldenStory.slice(0, assigned).map((entry): FromServer => ({ is: 'entry', entry: { ...entry, stream: name } })));
      take({ is: 'gone', stream: name });
    }
    publish();
    expect(Object.keys(seen.conversations)).toHaveLength(20);
    expect(seen.conversations.c25).toBeDefined();
  });

  it('tells as news what comes after the beginning, once', () => {
    take(...entries(1, assigned - 1));
    book.setLive(true);
    take(...entries(assigned, assigned), ...entries(9, 10), ...entries(10, 10));
    expect(book.takeNews()).toMatchObject([{ is: 'assigned' }, { is: 'message', message: { id: 'm2' } }]);
    take(...entries(11, goldenStory.length));
    expect(book.takeNews().map((news) => news.is)).toEqual(['message', 'message', 'message', 'left', 'assigned', 'left']);
    expect(book.takeNews()).toEqual([]);
  });

  it('tells which messages of ours have come back', () => {
    take(...entries(1, 18));
    expect(settled.mock.calls.map(([id]) => id as string)).toEqual(['b1', 's1', 'r1', 'r2']);
  });

  it('shows the customer typing for some seconds, or until the message is here', () => {
    const typing: FromServer = { is: 'typing', conversationId: 'anna.1', who: 'customer' };
    take(...entries(1, assigned));
    book.setLive(true);
    take(typing);
    expect(publish().typing).toEqual({ 'anna.1': true });
    vi.advanceTimersByTime(6_000);
    expect(publish().typing).toEqual({});
    take(typing, ...entries(9, 10));
    expect(publish().typing).toEqual({});
    take({ is: 'typing', conversationId: 'anna.1', who: 'olga' });
    expect(publish().typing).toEqual({});
  });
});
