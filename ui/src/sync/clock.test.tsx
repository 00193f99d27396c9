import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serverNow, setServerTime, useNow } from './clock';

function Clock({ name }: { name: string }) {
  return <output aria-label={name}>{useNow()}</output>;
}

describe('the clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_300 }));
  afterEach(() => {
    setServerTime(Date.now());
    vi.useRealTimers();
  });

  it('is the server\'s', () => {
    setServerTime(5_000_900);
    expect(serverNow()).toBe(5_000_900);
    vi.advanceTimersByTime(250);
    expect(serverNow()).toBe(5_001_150);
  });

  it('ticks for everybody with one timer, when the server\'s second changes', () => {
    setServerTime(5_000_900);
    const { unmount } = render(<><Clock name="a" /><Clock name="b" /></>);
    expect(vi.getTimerCount()).toBe(1);
    expect(screen.getByLabelText('a')).toHaveTextContent('5000000');
    act(() => void vi.advanceTimersByTime(99));
    expect(screen.getByLabelText('a')).toHaveTextContent('5000000');
    act(() => void vi.advanceTimersByTime(1));
    for (const name of ['a', 'b']) expect(screen.getByLabelText(name)).toHaveTextContent('5001000');
    act(() => void vi.advanceTimersByTime(1000));
    expect(screen.getByLabelText('b')).toHaveTextContent('5002000');
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
