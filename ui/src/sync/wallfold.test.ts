import { describe, expect, it } from 'vitest';
import told from './testdata/wall.json';
import { emptyWall, foldWall, type WallState } from './wallfold';
import { wallReaders, type WallNews } from './wallframe';
import { decode } from './wire';

/** The frames that transport/wall proves the server to write. */
const frames = told.map((frame) => decode(JSON.stringify(frame), wallReaders)).flatMap((frame) => (frame.is === 'wall' ? [frame] : []));

const after = (...news: WallNews[]) => news.reduce(foldWall, emptyWall);

const states = frames.reduce<WallState[]>((all, frame) => [...all, foldWall(all.at(-1) ?? emptyWall, frame)], []);
const [first, whole, unanswered, last] = states as [WallState, WallState, WallState, WallState];

// proves MN-08
describe('the wall', () => {
  it('is whole when the last part of a moment has come', () => {
    expect(frames).toHaveLength(4);
    expect([first.ready, whole.ready]).toEqual([false, true]);
    expect(whole.counters).toEqual({ waiting: 1, online: 1, automatic: 1, failures: 1, served: 1 });
    expect([...whole.operators.values()].map((o) => [o.id, o.name, o.presence, o.held, o.capacity])).toEqual([
      ['oleg', 'Oleg Petrov', 'ONLINE', 1, 3], ['olga', 'Olga', 'OFFLINE', 0, 3],
    ]);
    expect(whole.conversations.get('anna.1')).toMatchObject({ phase: 'waiting', keeperId: 'help', cause: 'NEW_CONVERSATION', routing: { lineId: 'help', priority: 1 } });
    expect(whole.failures.size + whole.alerts.size + whole.channels.size).toBeGreaterThan(2);
  });

  it('changes what a frame tells, and leaves all else the same thing', () => {
    expect(unanswered.conversations.get('boris.1')?.unanswered).toBe(Date.parse('2026-03-01T09:00:01Z'));
    expect(unanswered.conversations.get('anna.1')).toBe(whole.conversations.get('anna.1'));
    expect(unanswered.operators).toBe(whole.operators);
    const again = foldWall(unanswered, frames[2]!);
    expect(again.conversations.get('boris.1')).toBe(unanswered.conversations.get('boris.1'));
  });

  it('forgets what is gone, and keeps who was given to somebody', () => {
    expect([...last.conversations.values()].map((c) => [c.id, c.phase, c.keeperId, c.forced])).toEqual([['anna.1', 'served', 'oleg', true], ['boris.1', 'served', 'oleg', false]]);
    expect([...last.operators.keys()]).toEqual(['oleg']);
    expect([whole.channels.has('tg'), last.channels.has('tg')]).toEqual([true, false]);
    expect(last.failures.size + last.alerts.size).toBe(0);
  });

  it('that is told anew forgets what was, and the same rows stay the same', () => {
    const anew = after(...frames, frames[0]!, frames[1]!);
    expect([...anew.conversations.keys()]).toEqual([...whole.conversations.keys()]);
    expect([...anew.operators.keys()]).toEqual(['oleg', 'olga']);
    expect(after(...frames, frames[0]!).operators.get('oleg')).toEqual(last.operators.get('oleg'));
    expect(foldWall(whole, frames[0]!).operators.get('oleg')).toBe(whole.operators.get('oleg'));
  });
});
