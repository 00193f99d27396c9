import { describe, expect, it } from 'vitest';
import { askedOf, laid, textOf, withAsked, withText } from './looks';

describe('the looks of a widget', () => {
  const kept = { rate: 5, texts: { en: { title: 'Tea' } }, prechat: [{ name: 'fname', required: true, cyrillic: true }] };

  it('are entered without losing what is not entered here', () => {
    expect(laid(kept, 'accent', '#123456')).toEqual({ ...kept, accent: '#123456' });
    expect(laid({ ...kept, accent: '#123456' }, 'accent', '')).toEqual(kept);
    const said = withText(kept, 'title', 'Чай');
    expect(said).toEqual({ ...kept, texts: { en: { title: 'Tea' }, ru: { title: 'Чай' } } });
    expect(textOf(said, 'title')).toBe('Чай');
    expect(withText(said, 'title', '')).toEqual(kept);
    expect(withText({}, 'title', '')).toEqual({});
  });

  it('say what is asked before the chat, in its order', () => {
    const more = withAsked(kept, 'phone', 'asked');
    expect(more.prechat).toEqual([...kept.prechat, { name: 'phone' }]);
    expect([askedOf(more, 'fname'), askedOf(more, 'phone'), askedOf(more, 'email')]).toEqual(['required', 'asked', '']);
    expect(withAsked(more, 'fname', 'asked').prechat).toEqual([{ name: 'fname', cyrillic: true }, { name: 'phone' }]);
    expect(withAsked(withAsked(more, 'fname', ''), 'phone', '').prechat).toBeUndefined();
  });
});
