import { beforeEach, describe, expect, it, vi } from 'vitest';
import { most, Outbox } from './outbox';
import { kept } from './storage';

const disk = () => kept(() => localStorage, 'test/');
beforeEach(() => localStorage.clear());

describe('the outbox', () => {
  it('keeps messages in order through a reload, for every tab', () => {
    const here = new Outbox(disk(), () => 1000);
    const a = here.add({ text: 'раз' });
    const there = new Outbox(disk(), () => 500);
    const b = there.add({ text: 'два' });
    const again = new Outbox(disk());
    expect(again.list().map((e) => e.content.text)).toEqual(['раз', 'два']);
    expect(a?.id).not.toBe(b?.id);
    expect(b?.order).toBeGreaterThan(a?.order ?? Infinity);
    again.remove(a?.id ?? '');
    expect(here.next()?.id).toBe(b?.id);
  });

  it('takes a hundred and no more', () => {
    const box = new Outbox(disk());
    for (let n = 0; n < most; n++) expect(box.add({ text: String(n) })).toBeDefined();
    expect(box.add({ text: 'one too many' })).toBeUndefined();
    expect(box.list()).toHaveLength(100);
  });

  it('steps over what was refused, until it is tried again', () => {
    const box = new Outbox(disk());
    const a = box.add({ text: 'a' });
    const b = box.add({ text: 'b' });
    box.mark(a?.id ?? '', 'too long');
    expect(box.next()?.id).toBe(b?.id);
    box.mark(a?.id ?? '');
    expect(box.next()?.id).toBe(a?.id);
  });

  it('works where nothing may be kept', () => {
    const refuse = vi.fn(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const box = new Outbox(kept(refuse as unknown as () => Storage, 'test/'));
    const a = box.add({ text: 'a' });
    expect(box.next()?.id).toBe(a?.id);
    box.remove(a?.id ?? '');
    expect(box.list()).toEqual([]);
  });

  it('forgives what somebody else has written there', () => {
    localStorage.setItem('test/outbox', '{broken');
    expect(new Outbox(disk()).list()).toEqual([]);
    localStorage.setItem('test/outbox', '"text"');
    expect(new Outbox(disk()).list()).toEqual([]);
  });
});
