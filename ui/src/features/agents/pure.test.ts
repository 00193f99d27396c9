import { describe, expect, it } from 'vitest';
import { agentsInRussian } from '../../i18n/agentSentences';
import type { Agency, Agent, Settings } from '../../sync/agents';
import { aboveOf, inForce, sourceOf, spotsOf } from './chains/chain';
import { calendarOf, check as checkHours, clockOf, dateOf, dateText, hoursOf, minutesOf, overnight, valuesOf as hoursIn, type Values } from './hours/clock';
import { sayNow } from './hours/when';
import { another } from './hours/Week';
import { agentOf, check, newSecret, numberOf, valuesOf } from './list/entered';
import { freshId } from '../../kit/sheet/ids';

const t = ((key: string, values?: object) => (values ? `${key} ${Object.values(values).join(' ')}` : key)) as never;
const bot: Agent = { agent_id: 'bot', kind: 'bot', name: '', disabled: false, article_id: '', away: '', bot: { precision: 0.905, misses: 2 }, has_secrets: false, revision: 3 };
const weather: Agent = { ...bot, agent_id: 'w', kind: 'external', bot: undefined, external: { url: 'https://w.example', deadline: '2.500s', patience: '90s', model: '', instruction: '' } };

// proves BT-01, BT-02, BT-03, BT-07: each kind is put with its own fields and no other's.
describe('what is entered about an agent', () => {
  it('comes back as it was', () => {
    for (const [agent, kept] of [
      [bot, { bot: { precision: 0.905, misses: 2, suggest: false, unsure_article_id: '' } }], [weather, { external: { ...weather.external, deadline: '2.5s' } }],
    ] as const) {
      expect(agentOf(valuesOf(agent, ''), true, newSecret)).toEqual({ kind: agent.kind, name: '', disabled: true, article_id: '', away: '', ...kept });
    }
  });

  it('leaves secrets alone unless another is wanted', () => {
    const values = valuesOf(weather, '');
    expect(agentOf(values, false, () => 'whsec_1')).not.toHaveProperty('secrets');
    expect(agentOf({ ...values, rotate: true }, false, () => 'whsec_1').secrets).toEqual({ signing: ['whsec_1'] });
    const model = { ...values, kind: 'model' as const, model: 'small' };
    expect(agentOf({ ...model, bearer: ' key ' }, false, newSecret).secrets).toEqual({ bearer: 'key' });
    expect(agentOf({ ...model, forget: true }, false, newSecret).secrets).toEqual({ bearer: null });
    expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('is refused at its field', () => {
    const values = valuesOf(bot, '');
    const wrong = (change: object) => Object.keys(Object.fromEntries(Object.entries(check({ ...values, ...change }, ['x'], t)).filter(([, why]) => why)));
    expect(wrong({})).toEqual([]);
    expect(wrong({ id: 'Operators' })).toEqual(['id']);
    expect(wrong({ id: 'a.b' })).toEqual(['id']);
    expect(wrong({ id: 'x' })).toEqual(['id']);
    expect(wrong({ precision: '49', misses: '21' })).toEqual(['precision', 'misses']);
    expect(wrong({ misses: '1,5' })).toEqual(['misses']);
    expect(wrong({ kind: 'greeting' })).toEqual(['article']);
    expect(wrong({ kind: 'external', url: 'https://me:word@w.example', deadline: '61', patience: 'a while' })).toEqual(['url', 'deadline', 'patience']);
    expect(wrong({ kind: 'model', url: 'http://m' })).toEqual(['model']);
  });

  it('begins with an identifier that nobody has, and reads numbers as people write them', () => {
    expect(freshId('bot', ['bot', 'bot-2'])).toBe('bot-3');
    expect([numberOf('2,5'), numberOf(' 7 '), numberOf('-1'), numberOf('')]).toEqual([2.5, 7, Number.NaN, Number.NaN]);
  });
});

// proves CV-07: whose chain holds where.
describe('a chain', () => {
  const settings = (center_id: string, agents: string[], own = false, force = agents): Settings =>
    ({ center_id, policy: { agents }, own_agents: own, in_force: { policy: { agents: force } }, revision: 1 });
  const account = { account_id: 'tg', kind: 'telegram', name: '', center_id: 'shop', disabled: false, own_agents: false, agents: [], revision: 1 };
  const center = (center_id: string) => ({ center_id, name: '', time_zone: '', calendar_id: '', revision: 1 });
  const agency: Agency = {
    agents: [bot], calendars: [], attendance: [], lines: [], centers: [center('shop'), center('bank'), center('gym')],
    settings: [settings('', ['bot']), settings('shop', ['w']), settings('bank', [], true, []), settings('gym', [], false, ['bot'])],
    accounts: [account, { ...account, account_id: 'vk', own_agents: true }, { ...account, account_id: 'max', center_id: 'gym', own_agents: true, agents: ['w'] }],
  };

  it('is its own, none, or that above', () => {
    const told = spotsOf(agency).map((spot) => `${spot.key} ${sourceOf(spot)} ${inForce(agency, spot).join('+')}`);
    expect(told).toEqual([
      'all own bot', 'center-shop own w', 'account-tg above w', 'account-vk none ', 'center-bank none ', 'center-gym above bot', 'account-max own w',
    ]);
    expect(aboveOf(agency, spotsOf(agency)[1]!)).toEqual(['bot']);
  });
});

// proves BT-02: working hours as people write them.
describe('working hours', () => {
  it('are read as people write them', () => {
    expect(['9', '9:30', '0930', '9.30', '24:00', '24:01', '9:60', 'noon', ''].map(minutesOf)).toEqual([540, 570, 570, 570, 1440, undefined, undefined, undefined, undefined]);
    expect(clockOf(1440)).toBe('00:00');
    expect(hoursOf({ from: '0', to: '0' })).toEqual({ from: 0, to: 1440 });
    expect(hoursOf({ from: '18', to: '0' })).toEqual({ from: 1080, to: 1440 });
    expect(hoursOf({ from: '9', to: '9:00' })).toBeUndefined();
    expect([overnight({ from: '22', to: '6' }), overnight({ from: '18', to: '24' })]).toEqual([true, false]);
    expect(another([{ from: '9', to: '13' }])).toEqual({ from: '14:00', to: '' });
  });

  it('know days of each year and of one', () => {
    expect(['9.5', '29.02', '31.12.2026', '30.02', '31.11', '1.13', 'May'].map(dateOf)).toEqual(['--05-09', '--02-29', '2026-12-31', undefined, undefined, undefined, undefined]);
    expect(['--05-09', '2026-12-31'].map(dateText)).toEqual(['09.05', '31.12.2026']);
  });

  it('come back as they were, in order', () => {
    const fields = {
      name: 'Office', time_zone: 'Europe/Moscow', week: [{ weekday: 1, from: 540, to: 780 }, { weekday: 1, from: 840, to: 1080 }, { weekday: 5, from: 1320, to: 360 }],
      days: [{ date: '--05-09', name: 'Victory Day', hours: [] }, { date: '2026-12-31', name: '', hours: [{ from: 540, to: 900 }] }],
    };
    expect(calendarOf(hoursIn({ ...fields, calendar_id: 'office', revision: 1 }, ''))).toEqual(fields);
  });

  it('that can not be are refused where they stand', () => {
    const blank: Values = { ...hoursIn(undefined, 'hours'), name: 'x' };
    const wrong = checkHours({
      ...blank, week: [[{ from: '9', to: '13' }, { from: '12', to: '18' }], [{ from: '9', to: '' }], ...blank.week.slice(2)],
      days: [{ date: '09.05', name: '', spans: [] }, { date: '9.5', name: '', spans: [] }, { date: 'x', name: '', spans: [] }],
    }, t);
    expect(wrong).toEqual({ 'week.0': 'agents.wrong.overlap', 'week.1': 'agents.wrong.span', 'date.1': 'agents.wrong.dateTwice', 'date.2': 'agents.wrong.date' });
  });

  it('say when somebody comes or leaves, by the clock that hangs there', () => {
    const now = Date.parse('2026-11-23T20:30:00Z'); // a Monday, 23:30 in Moscow
    const say = (open: boolean, changes_at?: string, time_zone = 'Europe/Moscow') => sayNow({ of: 'line', id: 'x', calendar_id: 'y', open, changes_at, time_zone }, now, 'ru', t);
    expect(say(true, '2026-11-23T20:45:00Z')).toBe('agents.now.open.today 23:45');
    expect(say(true, '2026-11-23T23:00:00Z')).toBe('agents.now.open.tomorrow 02:00');
    expect(say(true, '2026-11-23T23:00:00Z', 'UTC')).toBe('agents.now.open.today 23:00');
    expect(say(false, '2026-11-26T06:00:00Z')).toBe('agents.now.closed.on 09:00 agents.on.4');
    expect(say(false, '2026-12-14T06:00:00Z')).toBe('agents.now.closed.date 09:00 14 декабря');
    expect(say(false)).toBe('agents.now.closed.always');
  });
});

describe('what the server says of agents', () => {
  it.each([
    ['"operators" is a name of the system\'s own', 'Имя «operators» занято системой, возьмите другое'],
    ['agent "bot" is in use by settings default, account tg and 2 more', 'Агент «bot» нужен: цепочка организации, канал tg и ещё 2. Сначала уберите его оттуда'],
    ['calendar "office" is in use by center shop, line help', 'Календарь «office» нужен: центр shop, группа help. Сначала выберите там другой'],
    ['there is a agent "bot" already; name the revision you have seen to replace it', 'агент «bot» уже есть, возьмите другой идентификатор'],
    ['the time is above zero and at most 1m0s', 'От 1 до 60 секунд'],
  ])('is said in Russian: %s', (english, russian) => {
    expect(agentsInRussian(english)).toBe(russian);
  });
});
