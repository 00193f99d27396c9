import { describe, expect, it } from 'vitest';
import { goldenFrames } from './golden';
import { contentOf, decode, duration, encode, time, writeContent } from './wire';

describe('decode', () => {
  it('reads every frame that the server writes', () => {
    const kinds = goldenFrames.map((frame) => frame.is);
    expect(new Set(kinds)).toEqual(new Set(['welcome', 'desk', 'entry', 'typing', 'answer', 'reset', 'gone', 'bye']));
    expect(goldenFrames[0]).toEqual({ is: 'welcome', now: Date.UTC(2026, 2, 1, 9), userId: 'oleg', version: '1.0' });
    expect(goldenFrames[1]).toEqual({
      is: 'desk', operatorId: 'oleg', presence: 'ONLINE', since: Date.UTC(2026, 2, 1, 9), capacity: 5, conversations: [], version: 3,
    });
    expect(goldenFrames.filter((frame) => frame.is === 'answer')).toEqual([
      { is: 'answer', id: 7, kind: '', text: '', field: '', repeated: false },
      { is: 'answer', id: 8, kind: 'denied', text: 'the conversation is not yours', field: '', repeated: false },
    ]);
  });

  it('passes over a frame of tomorrow', () => {
    expect(decode('{"weather":{"text":"rain"}}')).toEqual({ is: 'unknown' });
    expect(decode('{}')).toEqual({ is: 'unknown' });
  });
});

describe('values', () => {
  it('reads times and durations', () => {
    expect(time('2026-03-01T09:00:00.25Z')).toBe(Date.UTC(2026, 2, 1, 9, 0, 0, 250));
    expect(time(undefined)).toBe(0);
    expect([duration('90s'), duration('1.500s'), duration(''), duration(undefined)]).toEqual([90_000, 1500, 0, 0]);
  });

  it('writes content in the form that it is read in', () => {
    const file = { id: 'a', name: 'n', mime: 'image/png', size: 7, blob: 'b', failure: '' };
    expect(contentOf(writeContent('слово', [file]))).toEqual({ text: 'слово', attachments: [file], buttons: [] });
  });

  it('puts the id beside the command', () => {
    expect(JSON.parse(encode(3, { seen: {} }))).toEqual({ id: 3, seen: {} });
  });
});
