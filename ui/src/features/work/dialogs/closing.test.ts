import { describe, expect, it } from 'vitest';
import { missing, toldOf } from './closing';

describe('closing a conversation', () => {
  it('needs the answer about discontent where it is asked', () => {
    expect(missing({ topicId: 't', dissatisfied: undefined }, true)).toBe('dissatisfied');
    expect(missing({ topicId: '', dissatisfied: false }, true)).toBeUndefined();
    expect(missing({ topicId: '', dissatisfied: undefined }, false)).toBeUndefined();
  });

  it('does not tell an answer that was not asked for', () => {
    expect(toldOf({ topicId: 't', dissatisfied: true }, false)).toEqual({ topicId: 't' });
    expect(toldOf({ topicId: 't', dissatisfied: false }, true)).toEqual({ topicId: 't', dissatisfied: false });
  });
});
