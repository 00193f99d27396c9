import { act, render, renderHook, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  desk, onNews, startDesk, stopDesk, useConnection, useConversation, useConversationIds, useConversations, useDesk,
  useNewVersion, useTyping,
} from './desk';
import type { News } from './desk';
import { memoryDisk, setDisk } from './disk';
import { FakeSocket } from './fakesocket';
import { goldenText } from './golden';
import { useWorkspace } from './store';
import type { Told } from './wire';

const golden = goldenText.map((text) => JSON.parse(text) as Told);
const snapshot = golden[1] as Told;
const entry = (frame: Told) => frame.entry as { stream: string; version: string; fact: Told };
const story = golden.filter((frame) => frame.entry && entry(frame).stream === 'conversation/anna.1');
/** The story up to the assignment to Oleg, also as that of another conversation. */
const anna = story.slice(0, 8);
const boris = anna.map((frame): Told => ({ entry: { ...entry(frame), stream: 'conversation/boris.1' } }));

const sent = (version: number, id: string, text: string): Told => ({
  entry: {
    stream: 'conversation/anna.1', version: String(version),
    fact: { message_sent: { at: new Date().toISOString(), message_id: id, operator_id: 'oleg', content: { text } } },
  },
});

describe('the desk', () => {
  const say = (...frames: Told[]) => act(() => {
    frames.forEach((frame) => FakeSocket.last.say(frame));
    vi.advanceTimersByTime(20);
  });
  const welcome = (...frames: Told[]) => act(() => {
    FakeSocket.last.welcome(snapshot, ...frames);
    vi.advanceTimersByTime(20);
  });
  const read = <T,>(hook: () => T): T => renderHook(hook).result.current;
  const keys = (id: string) => read(() => useConversation(id))?.items.map((item) => item.key) ?? [];

  beforeEach(async () => {
    vi.useFakeTimers();
    setDisk(memoryDisk());
    FakeSocket.all = [];
    startDesk('oleg', FakeSocket.open);
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    act(() => stopDesk('connecting'));
    vi.useRealTimers();
  });

  it('shows the operator and what they keep', () => {
    expect(read(useConnection).state).toBe('connecting');
    expect(read(useDesk)).toBeNull();
    welcome(...anna, ...boris);
    expect(read(useConnection).state).toBe('live');
    expect(read(useDesk)).toMatchObject({ operatorId: 'oleg', presence: 'ONLINE', capacity: 5 });
    expect(read(useConversationIds)).toEqual(['anna.1', 'boris.1']);
    expect(read(useConversations).map(({ id }) => id)).toEqual(['anna.1', 'boris.1']);
    say({ typing: { conversation_id: 'boris.1', who: 'customer' } });
    expect([read(() => useTyping('anna.1')), read(() => useTyping('boris.1'))]).toEqual([false, true]);
  });

  it('re-renders a conversation only with its own changes', () => {
    const renders: string[] = [];
    function Row({ id }: { id: string }) {
      const conversation = useConversation(id);
      renders.push(id);
      return <p>{`${id}: ${conversation?.version ?? 0}`}</p>;
    }
    welcome(...anna, ...boris);
    render(<><Row id="anna.1" /><Row id="boris.1" /></>);
    renders.length = 0;
    say(...story.slice(8, 12)); // four entries, gathered into one change
    expect(screen.getByText('anna.1: 12')).toBeInTheDocument();
    expect(renders).toEqual(['anna.1']);
  });

  it('shows a reply at once, and the same one when it is told back', async () => {
    welcome(...anna);
    let id = '';
    act(() => { id = desk.reply('anna.1', { text: 'Сейчас посмотрю' }); });
    const before = keys('anna.1');
    expect(before.at(-1)).toBe(`message-${id}`);
    expect(read(() => useConversation('anna.1'))).toMatchObject({ unanswered: 0, version: 8 });
    const [frame] = FakeSocket.last.asked('reply');
    expect(frame).toMatchObject({ reply: { conversation_id: 'anna.1', message_id: id } });
    say(sent(9, id, 'Сейчас посмотрю'));
    expect(keys('anna.1')).toEqual(before);
    await act(async () => {
      FakeSocket.last.answer(frame);
      await vi.advanceTimersByTimeAsync(20);
    });
    expect(keys('anna.1')).toEqual(before);
  });

  it('loses and doubles nothing over a lost line', async () => {
    welcome(...anna);
    let first = '';
    act(() => { first = desk.reply('anna.1', { text: '1' }); });
    await act(async () => {
      FakeSocket.last.break(); // the first was taken, but nobody heard
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(read(useConnection).state).toBe('lost');
    let more: string[] = [];
    act(() => { more = ['2', '3'].map((text) => desk.reply('anna.1', { text })); });
    expect(keys('anna.1').slice(-3)).toEqual([first, ...more].map((id) => `message-${id}`));
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(FakeSocket.all).toHaveLength(2);
    act(() => FakeSocket.last.onopen?.());
    expect(FakeSocket.last.sent[0]).toMatchObject({ hello: { held: [{ stream: 'conversation/anna.1', version: 8 }] } });
    say(snapshot, sent(9, first, '1'));
    act(() => FakeSocket.last.answer(FakeSocket.last.sent[0]));
    const again = FakeSocket.last.asked('reply').map((frame) => (frame.reply as Told).message_id);
    expect(again).toEqual([first, ...more]);
    await act(async () => {
      FakeSocket.last.asked('reply').forEach((frame, index) => FakeSocket.last.answer(frame, { repeated: index === 0 }));
      await vi.advanceTimersByTimeAsync(0);
    });
    say(...more.map((id, index) => sent(10 + index, id, String(index + 2))));
    expect(keys('anna.1').slice(-3)).toEqual([first, ...more].map((id) => `message-${id}`));
  });

  it('begins anew after a gap, and keeps the screen meanwhile', async () => {
    welcome(...anna);
    say(...story.slice(10, 11));
    expect(read(useConnection).state).toBe('lost');
    expect(read(useConversationIds)).toEqual(['anna.1']);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    act(() => FakeSocket.last.onopen?.());
    expect(FakeSocket.last.sent[0]).toEqual({ id: 1, hello: { held: [] } });
    say(snapshot, ...story.slice(0, 11));
    act(() => {
      FakeSocket.last.answer(FakeSocket.last.sent[0]);
      vi.advanceTimersByTime(20);
    });
    expect(read(() => useConversation('anna.1'))?.version).toBe(11);
  });

  it('tells news only of what is new, once it is on the screen', () => {
    const told: string[] = [];
    const stop = onNews((news: News) => told.push(`${news.is} ${useWorkspace.getState().conversations['anna.1']?.version}`));
    welcome(...anna);
    expect(told).toEqual([]);
    say(...story.slice(8, 10));
    expect(told).toEqual(['message 10']);
    stop();
  });

  it('types and marks as seen no more often than is of use', () => {
    welcome(...anna);
    for (let n = 0; n < 5; n += 1) {
      desk.typing('anna.1');
      desk.seen('anna.1', 'm1');
    }
    expect(FakeSocket.last.asked('typing')).toHaveLength(1);
    expect(FakeSocket.last.asked('seen')).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    desk.typing('anna.1');
    desk.seen('anna.1', 'm2');
    expect(FakeSocket.last.asked('typing')).toHaveLength(2);
    expect(FakeSocket.last.asked('seen')).toHaveLength(2);
  });

  it('asks for what the operator does', async () => {
    welcome(...anna);
    const acts = [
      desk.setPresence('LUNCH'),
      desk.transfer('anna.1', { routing: { lineId: 'vip' }, note: 'Срочно' }),
      desk.close('anna.1', { topicId: 'parcel', dissatisfied: false }),
      desk.retry('anna.1', 'r1'),
    ];
    expect(FakeSocket.last.sent.slice(1).map((frame) => ({ ...frame, id: undefined }))).toEqual([
      { set_presence: { presence: 'LUNCH' } },
      { transfer: { conversation_id: 'anna.1', transfer_id: expect.stringMatching(/^.{20}$/) as string, routing: { line_id: 'vip' }, note: 'Срочно' } },
      { close: { conversation_id: 'anna.1', topic_id: 'parcel', dissatisfied: false } },
      { retry: { conversation_id: 'anna.1', message_id: 'r1' } },
    ]);
    FakeSocket.last.sent.slice(1).forEach((frame) => FakeSocket.last.answer(frame));
    await expect(Promise.all(acts)).resolves.toHaveLength(4);
  });

  it('says that the server is newer than the page', async () => {
    welcome();
    expect(read(useNewVersion)).toBe(false);
    await act(async () => {
      FakeSocket.last.break();
      await vi.advanceTimersByTimeAsync(1_000);
    });
    act(() => FakeSocket.last.onopen?.());
    say({ welcome: { now: new Date().toISOString(), user_id: 'oleg', version: '1.1' } });
    expect(read(useNewVersion)).toBe(true);
  });

  it('steps back for a newer tab, and takes over again when asked', async () => {
    vi.useRealTimers();
    act(() => FakeSocket.last.welcome(snapshot, ...anna));
    await vi.waitFor(() => expect(read(useConversationIds)).toEqual(['anna.1']));
    const other = new BroadcastChannel('crafttalk-desk');
    const heard: unknown[] = [];
    other.onmessage = ({ data }) => heard.push(data);
    other.postMessage({ stamp: Date.now() - 60_000, id: 'an older tab' });
    other.postMessage({ stamp: Date.now() + 1, id: 'a newer tab' });
    await vi.waitFor(() => expect(read(useConnection).state).toBe('replaced'));
    expect(FakeSocket.last.isClosed).toBe(true);
    expect(read(useConversationIds)).toEqual(['anna.1']); // still to be read
    await expect(desk.giveBack('anna.1')).rejects.toMatchObject({ kind: 'network' });
    const { takeOver } = read(useConnection);
    act(takeOver);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(FakeSocket.all).toHaveLength(2);
    expect(read(useConnection).state).toBe('connecting');
    other.close();
  });

  it('forgets everything of the one who signed out', () => {
    welcome(...anna);
    act(() => stopDesk('signedOut'));
    expect(read(useConnection).state).toBe('signedOut');
    expect([read(useConversationIds), read(useDesk), read(() => useConversation('anna.1'))]).toEqual([[], null, undefined]);
  });
});
