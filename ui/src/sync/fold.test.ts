import { describe, expect, it } from 'vitest';
import { apply, applyDesk, blank, fit } from './fold';
import { goldenFrames, goldenStory } from './golden';
import type { Conversation, Desk, Message } from './model';
import type { Entry } from './wire';

/** The conversation up to the last fact of a name, or the n'th of them. */
function until(name: string, n = 1): Conversation {
  let conversation = blank('anna.1');
  for (const entry of goldenStory) {
    conversation = apply(conversation, entry);
    if (entry.fact.name === name && --n === 0) return conversation;
  }
  throw new Error(`the story has no such ${name}`);
}

function messages(conversation: Conversation): Message[] {
  return conversation.items.flatMap((item) => (item.is === 'message' ? [item.message] : []));
}

function message(conversation: Conversation, id: string): Message | undefined {
  return messages(conversation).find((each) => each.id === id);
}

const at = (second: number) => Date.UTC(2026, 2, 1, 9, 0, second);

describe('apply', () => {
  it('says where a conversation waits, and that an agent failed', () => {
    const [kinds, queued] = [(c: Conversation) => c.items.flatMap((i) => (i.is === 'happening' ? [i.happening] : [])), until('conversation_queued')];
    expect(kinds(queued).at(-1)).toMatchObject({ kind: 'queued', lineId: queued.routing.lineId });
    const failed: Entry = { stream: '', version: queued.version + 1, fact: { name: 'agent_failed', at: 7, value: { reason: 'late' } } };
    expect(kinds(apply(queued, failed)).at(-1)).toEqual({ kind: 'agentFailed', at: 7, operatorId: '', detail: 'late' });
  });

  it('knows who the conversation is with and what it asks for', () => {
    expect(until('conversation_opened')).toMatchObject({
      id: 'anna.1', customerId: 'anna', customerName: 'Анна', accountId: 'site', kind: 'widget', centerId: 'shop', openedAt: at(1),
      routing: { lineId: 'help', language: 'ru', skills: ['parcels'], priority: 1 }, responseTimeout: 90_000, version: 1,
      lastAccountId: 'site', lastAddress: 'v-anna',
    });
  });

  it('tells who keeps it', () => {
    expect(until('agent_engaged')).toMatchObject({ phase: 'automatic', operatorId: '' });
    expect(until('conversation_queued')).toMatchObject({ phase: 'waiting', operatorId: '' });
    expect(until('conversation_assigned')).toMatchObject({ phase: 'served', operatorId: 'olga', assignedAt: at(3) });
    expect(until('conversation_assigned', 2)).toMatchObject({ phase: 'served', operatorId: 'oleg', assignedAt: at(5) });
    expect(until('conversation_closed')).toMatchObject({ phase: 'closed', operatorId: '', closedAt: at(25), topicId: 'refund' });
  });

  it('shows the note of a transfer before the work of the next one', () => {
    const keys = until('conversation_assigned', 2).items.map((item) => (item.is === 'happening' ? item.happening.kind : item.is));
    expect(keys.slice(-3)).toEqual(['queued', 'note', 'assigned']);
    const note = until('conversation_queued', 2).items.at(-1);
    expect(note).toMatchObject({ is: 'note', note: { operatorId: 'olga', text: 'Ждёт курьера', transfer: true } });
  });

  it('counts what no operator has answered: an agent and the system do not answer', () => {
    expect(until('message_sent', 1)).toMatchObject({ unanswered: 1, waitingSince: at(1) }); // by the agent
    expect(until('message_sent', 2)).toMatchObject({ unanswered: 1, waitingSince: at(1) }); // by the system
    expect(until('message_received', 3)).toMatchObject({ unanswered: 3, waitingSince: at(1) });
    expect(until('operator_saw')).toMatchObject({ unanswered: 3 }); // opening it is no answer
    expect(until('message_sent', 3)).toMatchObject({ unanswered: 0, waitingSince: 0 });
  });

  it('answers where the customer wrote last, whatever came late', () => {
    const conversation = until('message_received', 3);
    expect(conversation).toMatchObject({ lastAccountId: 'phone', lastAddress: '+79990000000' });
    expect(message(conversation, 'm3')).toMatchObject({ late: true, content: { pressed: { caption: 'Оператор', value: 'op' } } });
  });

  it('says when a message was written that was under way for long', () => {
    const came = Date.UTC(2026, 2, 4, 9);
    const got = (sent: number) => messages(apply(blank('anna.1'), {
      stream: '', version: 1, fact: { name: 'message_received', at: came, value: { message_id: 'm1', content: { text: 'Подарок' }, sent_at: new Date(sent).toISOString() } },
    }))[0]?.writtenAt;
    expect(got(came - 3 * 86_400_000)).toBe(came - 3 * 86_400_000);
    expect(got(came - 4 * 60_000)).toBeUndefined();
    expect(got(came + 60_000)).toBeUndefined(); // the provider's clock is ahead
  });

  it('puts a file in the place of its promise', () => {
    expect(message(until('message_received', 2), 'm2')?.content.attachments[0]).toMatchObject({ id: 'a1', blob: '', size: 0 });
    expect(message(until('attachment_fetched'), 'm2')?.content.attachments).toEqual([
      { id: 'a1', name: 'фото.png', mime: 'image/png', size: 5_000_000_000, blob: 'ab12', failure: '' },
    ]);
  });

  it('follows a message on its way, and takes no good news back', () => {
    expect(message(until('message_sent', 3), 'r1')?.state).toBe('sent');
    expect(message(until('customer_saw'), 'r1')?.state).toBe('read');
    expect(message(until('customer_saw'), 'r2')?.state).toBe('sent');
    expect(message(until('message_delivered', 2), 'r1')?.state).toBe('read'); // delivered, told late
    expect(message(until('message_uncertain'), 'r2')).toMatchObject({ state: 'uncertain', reason: 'no answer' });
    expect(message(until('message_failed'), 'r2')).toMatchObject({ state: 'failed', reason: 'blocked' });
    expect(message(until('message_retried'), 'r2')).toMatchObject({ state: 'sent', reason: '' });
    expect(message(until('message_delivered', 3), 'r2')?.state).toBe('delivered');
    expect(message(until('customer_saw'), 'm1')?.state).toBe('');
  });

  it('says what a message is for', () => {
    expect(messages(until('rating_given')).map((each) => [each.from, each.purpose])).toEqual([
      ['customer', ''], ['agent', 'AGENT_ANSWER'], ['system', 'JOIN_NOTICE'], ['customer', ''], ['customer', ''],
      ['operator', 'HOLD_REPLY'], ['operator', 'REPLY'],
      ['operator', 'SLOT_QUESTION'], ['customer', ''], ['operator', 'SLOT_QUESTION'], ['customer', ''], ['operator', 'REPLY'],
    ]);
  });

  it('keeps the hold timer until it is stopped or the keeper changes', () => {
    expect(until('hold_armed').hold).toEqual({ kind: 'operator', due: at(40), text: 'Ещё минуту' });
    expect(until('hold_cancelled').hold).toBeNull();
    const armed = until('hold_armed');
    const queued: Entry = { stream: '', version: armed.version + 1, fact: { name: 'conversation_queued', at: 0, value: {} } };
    expect(apply(armed, queued).hold).toBeNull();
  });

  it('tells of a silent customer once', () => {
    const kinds = until('agent_engaged', 2).items.map((item) => (item.is === 'happening' ? item.happening.kind : ''));
    expect(kinds.filter((kind) => kind === 'detached' || kind === 'agent')).toEqual(['agent', 'detached']);
  });

  it('takes over everything else', () => {
    expect(until('conversation_reviewed')).toMatchObject({
      routing: { lineId: 'vip', language: '', skills: [], priority: 0 }, ticket: 'HD-17', customerId: 'anna-2', rating: 5,
      ratingComment: 'Спасибо', version: goldenStory.length,
    });
  });

  it('gives every item a key of its own', () => {
    const keys = until('rating_given').items.map((item) => item.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does nothing twice', () => {
    const twice = goldenStory.flatMap((entry) => [entry, entry]);
    const conversation = twice.reduce(apply, blank('anna.1'));
    expect(conversation).toEqual(goldenStory.reduce(apply, blank('anna.1')));
    expect(apply(conversation, goldenStory[3] as Entry)).toBe(conversation);
  });

  it('changes nothing that was there before', () => {
    const frozen = (value: unknown): void => {
      if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(frozen);
    };
    let conversation = blank('anna.1');
    for (const entry of goldenStory) {
      frozen(conversation);
      conversation = apply(conversation, entry);
    }
    expect(conversation.version).toBe(goldenStory.length);
  });

  it('refuses to go on after a gap', () => {
    const [first, , third] = goldenStory as [Entry, Entry, Entry];
    expect(() => apply(apply(blank('anna.1'), first), third)).toThrow(RangeError);
    expect([fit(4, 5), fit(4, 4), fit(4, 1), fit(4, 6)]).toEqual(['next', 'known', 'known', 'gap']);
  });

  it('counts facts that it does not know', () => {
    const unknown: Entry = { stream: '', version: 1, fact: { name: 'something_of_tomorrow', at: 0, value: {} } };
    expect(apply(blank('x'), unknown)).toEqual({ ...blank('x'), version: 1 });
  });

  it('tells of a call, and of one that was not placed', () => {
    const call = (version: number, failure: string): Entry =>
      ({ stream: '', version, fact: { name: 'call_placed', at: 5, value: { call_id: `c${version}`, operator_id: 'olga', address: '+79160000000', failure } } });
    const { items } = apply(apply(blank('x'), call(1, '')), call(2, 'the exchange is busy'));
    expect(items.map((i) => i.is === 'happening' && i.happening)).toEqual([
      { kind: 'called', at: 5, operatorId: 'olga', detail: '' },
      { kind: 'called', at: 5, operatorId: 'olga', detail: 'the exchange is busy' },
    ]);
  });

  it('shows a message whose words were erased as an empty one', () => {
    const erased: Entry = { stream: '', version: 1, fact: { name: 'message_received', at: 5, value: { message_id: 'm' } } };
    expect(message(apply(blank('x'), erased), 'm')?.content).toEqual({ text: '', attachments: [], buttons: [] });
  });
});

describe('applyDesk', () => {
  it('follows the operator', () => {
    const start: Desk = { operatorId: 'oleg', presence: 'ONLINE', since: at(0), capacity: 5, conversations: [] };
    const own = goldenFrames.flatMap((frame) =>
      frame.is === 'entry' && frame.entry.stream.startsWith('operator/') ? [frame.entry.fact] : []);
    const end = own.reduce(applyDesk, start);
    expect(end).toEqual({ operatorId: 'oleg', presence: 'INVISIBLE', since: at(5), capacity: 6, conversations: ['anna.1'] });
    const released = { name: 'slot_released', at: 0, value: { conversation_id: 'anna.1' } };
    expect(applyDesk(end, released).conversations).toEqual([]);
  });
});

describe('what a customer changes', () => {
  const story: Entry[] = goldenStory.slice(0, goldenStory.findIndex((e) => e.fact.name === 'message_received') + 1);
  const after = (...facts: [string, object][]) => {
    let c = blank('anna.1');
    for (const entry of story) c = apply(c, entry);
    const id = messages(c).at(-1)?.id ?? '';
    for (const [name, value] of facts) {
      c = apply(c, { ...story[0]!, version: c.version + 1, fact: { name, at: at(9), value: { message_id: id, ...value } } } as Entry);
    }
    return c;
  };

  it('shows the new text with a mark, and asks nothing anew', () => {
    const before = after();
    const c = after(['message_edited', { content: { text: 'Другое' } }]);
    expect(messages(c).at(-1)).toMatchObject({ changed: 'edited', content: { text: 'Другое', attachments: messages(before).at(-1)?.content.attachments } });
    expect(c).toMatchObject({ unanswered: before.unanswered, waitingSince: before.waitingSince });
  });

  it('shows the files that it has now, and fills them', () => {
    const was = { id: 'x.1', name: 'new.png', mime: '', size: 0, blob: '', failure: '' };
    const now = { text: '', attachments: [{ attachment_id: 'x.1', name: 'new.png' }] };
    const c = after(['message_edited', { content: now, files: true }]);
    expect(messages(c).at(-1)?.content.attachments).toEqual([was]);
    const filled = after(['message_edited', { content: now, files: true }], ['attachment_fetched', { attachment: { attachment_id: 'x.1', name: 'new.png', blob: 'b' } }]);
    expect(messages(filled).at(-1)?.content.attachments).toEqual([{ ...was, blob: 'b' }]);
    const none = after(['message_edited', { content: now, files: true }], ['message_edited', { content: { text: 'Без файла' }, files: true }]);
    expect(messages(none).at(-1)?.content.attachments).toEqual([]);
  });

  it('shows what a machine wrote for the customer, and asks nothing by it', () => {
    const before = after();
    const c = after(['message_received', { message_id: 'a1', account_id: 'mail', address: 'a@x', automatic: true, content: { text: 'Я в отпуске' } }]);
    expect(messages(c).at(-1)).toMatchObject({ automatic: true, content: { text: 'Я в отпуске' } });
    expect(c).toMatchObject({ unanswered: before.unanswered, waitingSince: before.waitingSince, lastAccountId: before.lastAccountId });
  });

  it('keeps the text of what was taken back', () => {
    const c = after(['message_edited', { content: { text: 'Другое' } }], ['message_removed', {}]);
    expect(messages(c).at(-1)).toMatchObject({ changed: 'removed', content: { text: 'Другое' } });
  });
});
