import { describe, expect, it } from 'vitest';
import { settings as en } from '../../i18n/en/settings';
import { settings as ru } from '../../i18n/ru/settings';
import type { Setting, SettingsForm } from '../../sync/settings';
import told from '../../sync/testdata/settings.json';
import { concerned, enter, found, giveBack, ownOf, shown, wishOf, type Draft } from './draft';
import { enteredOf, read } from './entered';

const form = told as unknown as SettingsForm;
const of = (id: string): Setting => form.settings.find((s) => s.id === id)!;
const text = (id: string) => `${(ru as Record<string, unknown>)[`settings.${id}`] as string} ${(ru as Record<string, unknown>)[`settings.${id}.hint`] as string}`;

// proves US-05: every setting of the server has a name and an explanation in both languages, and no words are left over.
describe('the words of settings', () => {
  it('are there for every setting, group, unit and choice, in Russian and in English', () => {
    const need = form.settings.flatMap((s) => [
      `settings.${s.id}`, `settings.${s.id}.hint`, `settings.group.${s.group}`, `settings.takes.${s.takes}`,
      ...(s.unit ? [`settings.unit.${s.unit}`] : []), ...(s.kind === 'choice' ? (s.choices ?? []).map((c) => `settings.choice.${c}`) : []), ...(s.holds ?? []).map((h) => `settings.holds.${h}`),
    ]);
    for (const words of [ru, en] as Record<string, unknown>[]) expect(need.filter((key) => !words[key])).toEqual([]);
  });

  it('explain no setting that the server does not have', () => {
    const explained = Object.keys(ru).filter((key) => key.endsWith('.hint') && !key.startsWith('settings.group.')).map((key) => key.slice('settings.'.length, -'.hint'.length));
    expect(explained.filter((id) => !of(id) && id !== 'hours' && id !== 'prechat')).toEqual([]);
  });

  it('are found by words of the name and of the explanation, with ё as е', () => {
    expect(found(form.settings, 'подчеркиваются', (s) => text(s.id)).map((s) => s.id)).toEqual(['spell_check']);
    expect(found(form.settings, 'таймаут КЛИЕНТА останавливает', (s) => text(s.id)).map((s) => s.id)).toEqual(['policy.hold.customer_timeout']);
    expect(found(form.settings, ' ', (s) => text(s.id))).toHaveLength(form.settings.length);
  });
});

describe('a value', () => {
  it('is entered in its unit, and what is shown comes back as it was', () => {
    for (const s of form.settings.filter((x) => x.kind !== 'other')) {
      const before = enteredOf(s, s.value, 'ru');
      const got = read(s, before);
      expect({ id: s.id, got: 'value' in got ? enteredOf(s, got.value, 'ru') : got }).toEqual({ id: s.id, got: before });
    }
    expect(enteredOf(of('policy.response_timeout'), '90s', 'ru')).toBe('1,5');
    expect(read(of('policy.response_timeout'), '1,5')).toEqual({ value: '90s' });
    expect(read(of('connection_grace'), '0')).toEqual({ value: '0s' });
  });

  it('outside of its bounds is wrong', () => {
    const wrong = (id: string, entered: Parameters<typeof read>[1]) => {
      const got = read(of(id), entered);
      return 'wrong' in got ? got.wrong : undefined;
    };
    expect(wrong('connection_grace', '3601')).toBe('bounds');
    expect(wrong('connection_grace', '')).toBe('bounds');
    expect(wrong('connection_grace', '1e3')).toBe('bounds');
    expect(wrong('policy.response_timeout', '')).toBeUndefined();
    expect(wrong('retention_days', '1,5')).toBe('whole');
    expect(wrong('train_at', '24:00')).toBe('clock');
    expect(wrong('policy.join_text', 'я'.repeat(4001))).toBe('long');
    expect(wrong('alerts.webhook', 'http://a:b@c')).toBe('address');
    expect(wrong('timer.marks', [{ seconds: '-1', tone: 'danger' }])).toBe('row');
    expect(wrong('policy.silence.messages', [{ after: '5', text: 'a' }, { after: '5', text: 'b' }])).toBe('order');
    expect(wrong('policy.silence.messages', [{ after: '5', text: ' ' }])).toBe('empty');
    expect(wrong('form.fields', [{ name: 'Имя', label: 'Имя', kind: 'text', required: false }])).toBe('name');
    expect(wrong('form.fields', [1, 2].map(() => ({ name: 'fname', label: 'Имя', kind: 'text', required: false })))).toBe('twice');
  });
});

describe('a draft', () => {
  const center: SettingsForm = {
    ...form, center_id: 'shop', open: { shop: 3, bank: 4 },
    settings: form.settings.map((s) => (s.whole === 'policy.silence' ? { ...s, own: true, from: 'center' as const, value: s.id.endsWith('remind_after') ? '60s' : s.value } : s)),
  };
  const at = (id: string) => center.settings.find((s) => s.id === id)!;

  it('forgets what was entered back as it was', () => {
    const draft = enter(at('affinity'), {}, false, 'ru');
    expect(wishOf(center, draft)).toEqual({ set: { affinity: false }, unset: [], wrong: {} });
    expect(enter(at('affinity'), draft, true, 'ru')).toEqual({});
  });

  it('gives a part back whole, and something of it can be entered after that', () => {
    const back = giveBack(at('policy.silence.remind_after'), center, {});
    expect(shown(at('policy.silence.remind_after'), back, 'ru')).toBe('10');
    expect(ownOf(at('policy.silence.close_after'), center, back)).toBe(false);
    const draft = enter(at('policy.silence.close_after'), back, '45', 'ru');
    expect(ownOf(at('policy.silence.remind_after'), center, draft)).toBe(true);
    const wish = wishOf(center, draft);
    expect(wish.set).toEqual({ 'policy.silence.close_after': '2700s' });
    expect(wish.unset).toContain('policy.silence.remind_after');
    expect(giveBack(at('affinity'), center, { affinity: { entered: false } })).toEqual({});
  });

  it('counts the open conversations that it concerns, each center once and none that has its own word', () => {
    const draft: Draft = { affinity: { entered: false }, connection_grace: { entered: '5' }, 'policy.join_text': { entered: 'x' } };
    expect(concerned(center, draft)).toEqual({ now: 3, opened: 3, night: false });
    const all = { ...center, center_id: '', settings: center.settings.map((s) => (s.id === 'policy.join_text' ? { ...s, except: ['bank'] } : s)) };
    expect(concerned(all, draft)).toEqual({ now: 7, opened: 3, night: false });
    expect(concerned(all, { retention_days: { entered: '5' } })).toEqual({ now: 0, opened: 0, night: true });
  });
});
