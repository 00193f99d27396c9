import { describe, expect, it } from 'vitest';
import { before, fold, type Chat } from './fold';
import { unreadIn, waitingIn } from './state';
import type { FromServer } from './wire';

const bubble = (version: number, id: string, from: 'customer' | 'operator', conv = 'anna.1', at = version): FromServer => ({
  bubble: { conversation_id: conv, version: String(version), message_id: id, from, content: { text: id }, at: new Date(at * 1000).toISOString() },
});
const progress = (version: number, phase: string): FromServer => ({ progress: { conversation_id: 'anna.1', version: String(version), phase } });
const nobody = () => undefined;
const all = (frames: FromServer[], chat: Chat = []) => frames.reduce((c, f) => fold(c, f, nobody), chat);
const ids = (chat: Chat) => chat.flatMap((t) => t.lines.map((l) => l.id));

const story = [bubble(3, 'm1', 'customer'), progress(4, 'waiting'), progress(6, 'served'), bubble(8, 'o1', 'operator'),
  { mark: { conversation_id: 'anna.1', version: '9', message_id: 'm1' } }, progress(12, 'closed'), progress(13, 'rated')] as FromServer[];

describe('the fold', () => {
  it('tells the story', () => {
    const chat = all(story);
    expect(ids(chat)).toEqual(['m1', 'o1']);
    expect(chat[0]).toMatchObject({ phase: 'closed', rated: true, place: 13 });
    expect(chat[0]?.lines[0]?.read).toBe(true);
  });

  // proves CT-10
  it('has letters without what is in them', () => {
    const [talk] = all([{ bubble: { conversation_id: 'anna.1', version: '3', message_id: 'l1', from: 'operator', letter: true } }]);
    expect(talk?.lines[0]).toMatchObject({ id: 'l1', letter: true, content: {} });
  });

  it('comes to the same wherever the line broke and whatever is resent', () => {
    const want = all(story);
    for (let cut = 0; cut <= story.length; cut++) {
      for (let from = 0; from <= cut; from++) {
        expect(all(story.slice(from), all(story.slice(0, cut)))).toEqual(want);
      }
    }
  });

  it('makes a bubble of an answer that stands for one', () => {
    const entry = { id: 'm1', order: 1, content: { text: 'раз' }, at: 0 };
    const answer = { answer: { id: '7', stream: 'conversation/anna.1', version: '3', at: '2026-01-01T00:00:00Z' } };
    const said = (frame: string) => (frame === '7' ? entry : undefined);
    const chat = fold([], answer, said);
    expect(chat[0]).toMatchObject({ id: 'anna.1', place: 3 });
    expect(ids(chat)).toEqual(['m1']);
    expect(fold(chat, answer, said)).toBe(chat);
    expect(ids(all([bubble(3, 'm1', 'customer')], chat))).toEqual(['m1']);
  });

  it('leaves the place alone when an answer names none', () => {
    const chat = fold([], { answer: { id: '7', stream: 'conversation/anna.1', version: '3', repeated: true } }, nobody);
    expect(chat).toEqual([]);
  });

  it('forgets what the server wants to tell anew', () => {
    const chat = fold(all(story), { reset: { stream: 'conversation/anna.1' } }, nobody);
    expect(chat).toEqual([]);
    expect(ids(all(story, chat))).toEqual(['m1', 'o1']);
  });

  it('puts an older conversation above', () => {
    const chat = all([bubble(1, 'old', 'customer', 'anna.1', 10)], all([bubble(1, 'new', 'customer', 'anna.2', 50)]));
    expect(ids(chat)).toEqual(['old', 'new']);
    expect([before('anna.2'), before('anna.1'), before('anna')]).toEqual(['anna.1', undefined, undefined]);
  });

  it('completes a message with its file', () => {
    const chat = all([bubble(1, 'm1', 'customer'), { file: { conversation_id: 'anna.1', version: '2', message_id: 'm1', attachment: { attachment_id: 'f', blob: 'b' } } }]);
    expect(chat[0]?.lines[0]?.content.attachments).toEqual([{ attachment_id: 'f', blob: 'b' }]);
  });
});

describe('what stands beside the chat', () => {
  it('counts what others said and nobody saw', () => {
    expect(unreadIn(all(story), {})).toBe(1);
    expect(unreadIn(all(story), { 'anna.1': 8 })).toBe(0);
  });

  it('shows a waiting message once: here, sent, or in its place', () => {
    const entry = (id: string, order: number) => ({ id, order, content: {}, at: 0 });
    const pending = waitingIn(all(story), [entry('m3', 3), entry('m1', 1)], [entry('m2', 2), entry('m3', 3)]);
    expect(pending.map((p) => [p.id, p.sent])).toEqual([['m2', true], ['m3', false]]);
  });
});
