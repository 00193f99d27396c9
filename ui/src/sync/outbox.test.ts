import { beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryDisk } from './disk';
import type { Disk } from './disk';
import { blank } from './fold';
import type { Conversation, Message } from './model';
import { Outbox } from './outbox';
import { Problem } from './problem';
import type { Command } from './wire';

const conversation: Conversation = {
  ...blank('a.1'), version: 3, unanswered: 2, waitingSince: 1000, lastAccountId: 'site', lastAddress: 'anna',
};

describe('Outbox', () => {
  let disk: Disk;
  let outbox: Outbox;
  let asked: { command: Extract<Command, { reply: unknown }>; resolve: () => void; reject: (problem: Problem) => void }[];
  const changed = vi.fn();

  const make = () => new Outbox(
    (command) => new Promise((resolve, reject) => {
      asked.push({ command: command as Extract<Command, { reply: unknown }>, resolve, reject });
    }),
    changed, () => disk,
  );
  const shown = (): Message[] =>
    outbox.shown(conversation).items.flatMap((item) => (item.is === 'message' ? [item.message] : []));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const kept = async () => [...(await disk.all<{ messageId: string }>('outbox')).keys()];

  beforeEach(async () => {
    disk = memoryDisk();
    asked = [];
    changed.mockReset();
    outbox = make();
    await outbox.open('oleg');
  });

  it('shows a message at once, as waiting, and the customer as answered', async () => {
    const id = outbox.reply('a.1', { text: 'Здравствуйте' });
    expect(shown()).toMatchObject([{
      id, from: 'operator', operatorId: 'oleg', state: 'queued', accountId: 'site', address: 'anna', purpose: 'REPLY',
      content: { text: 'Здравствуйте' },
    }]);
    expect(outbox.shown(conversation)).toMatchObject({ unanswered: 0, waitingSince: 0 });
    expect(outbox.shown(blank('b.1'))).toEqual(blank('b.1'));
    expect(changed).toHaveBeenCalledWith('a.1');
    expect(await kept()).toEqual([id]);
    expect(asked.map(({ command }) => command.reply)).toMatchObject([{ conversation_id: 'a.1', message_id: id, content: { text: 'Здравствуйте' } }]);
  });

  it('keeps the order of several', () => {
    const ids = ['1', '2', '3'].map((text) => outbox.reply('a.1', { text }));
    expect(shown().map((each) => each.id)).toEqual(ids);
    expect(asked.map(({ command }) => command.reply.message_id)).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
  });

  it('shows an answered message until it is told back, and then no double of it', async () => {
    const id = outbox.reply('a.1', { text: 'Да' });
    asked[0]?.resolve();
    await settle();
    expect(shown()).toMatchObject([{ id, state: 'sent' }]);
    expect(await kept()).toEqual([]);
    outbox.settled(id);
    expect(shown()).toEqual([]);
  });

  it('may be told back before it is answered', async () => {
    const id = outbox.reply('a.1', { text: 'Да' });
    outbox.settled(id);
    asked[0]?.resolve();
    await settle();
    expect(shown()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  it('keeps the text of a refused one, to send it again under the same id or to forget it', async () => {
    const id = outbox.reply('a.1', { text: 'Нет' });
    asked[0]?.reject(new Problem({ kind: 'denied', detail: 'the conversation is not yours' }));
    await settle();
    expect(shown()).toMatchObject([{ id, state: 'failed', reason: 'the conversation is not yours', content: { text: 'Нет' } }]);
    expect(outbox.shown(conversation)).toMatchObject({ unanswered: 2, waitingSince: 1000 });
    expect(await kept()).toEqual([id]);
    expect(outbox.retry(id)).toBe(true);
    expect(shown()).toMatchObject([{ id, state: 'queued' }]);
    expect(asked[1]?.command.reply.message_id).toBe(id);
    outbox.discard(id); // not while it is on its way
    expect(shown()).toHaveLength(1);
    asked[1]?.reject(new Problem({ kind: 'invalid' }));
    await settle();
    outbox.discard(id);
    expect(shown()).toEqual([]);
    expect(await kept()).toEqual([]);
    expect(outbox.retry('of the server')).toBe(false);
  });

  it('tries again by itself what may pass', async () => {
    vi.useFakeTimers();
    try {
      const id = outbox.reply('a.1', { text: 'Да' });
      asked[0]?.reject(new Problem({ kind: 'busy' }));
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked.map(({ command }) => command.reply.message_id)).toEqual([id, id]);
      expect(shown()).toMatchObject([{ state: 'queued' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is taken up after a reload with the same ids, and by the same user only', async () => {
    const first = outbox.reply('a.1', { text: '1' });
    const second = outbox.reply('a.1', { text: '2' });
    asked[1]?.reject(new Problem({ kind: 'denied' }));
    await settle();
    asked = [];
    outbox = make();
    await outbox.open('olga');
    expect(shown()).toEqual([]);
    outbox = make();
    await outbox.open('oleg');
    expect(shown()).toMatchObject([{ id: first, state: 'queued' }, { id: second, state: 'failed' }]);
    expect(asked.map(({ command }) => command.reply.message_id)).toEqual([first]);
  });

  it('leaves its messages on disk when another tab takes over', async () => {
    const id = outbox.reply('a.1', { text: '1' });
    outbox.close();
    asked[0]?.reject(new Problem({ kind: 'network' }));
    await settle();
    expect(shown()).toEqual([]);
    expect(await kept()).toEqual([id]);
  });
});
