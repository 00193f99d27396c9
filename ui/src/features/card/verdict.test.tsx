import { readFileSync } from 'node:fs';
import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ru } from '../../i18n/ru';
import { queryClient } from '../../sync';
import { furnish, serve, show } from './testing';
import { exclusionText, parted, ruleText, verdictAt } from './verdict';
import { VerdictCard } from './VerdictCard';

vi.mock('../../sync', async (original) => ({ ...(await original<object>()), useSession: () => ({ may: () => true }) }));

/** The server's own sources name the rules: a new one without words fails here. */
const source = (name: string) => readFileSync(`${import.meta.dirname}/../../../../${name}`, 'utf8');

describe('every rule has words', () => {
  it('of exclusion', () => {
    const names = /ruleNames = \[rules\]string\{([^}]*)\}/.exec(source('actors/queue/rule.go'))?.[1]?.match(/"(\w+)"/g) ?? [];
    expect(names.length).toBe(8);
    for (const name of names) expect(exclusionText(JSON.parse(name)), name).not.toBe('card.why.not.unknown');
  });

  it('of choice', () => {
    const text = source('actors/queue/verdict.go');
    const ruling = /ruling\(\) string \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
    const names = [...ruling.matchAll(/return "(\w+)"/g)].map((found) => found[1] ?? '');
    expect(names).toHaveLength(6);
    for (const name of [...names, 'offered']) expect(ruleText(name), name).not.toBe('card.why.rule.unknown');
  });

  it('that differ from each other', () => {
    const texts = Object.entries(ru).filter(([key]) => /^card\.why\.(rule|not)\./.test(key)).map(([key, text]) => [key.split('.')[2], text].join());
    expect(new Set(texts).size).toBe(texts.length);
  });
});

const verdict = {
  operatorId: 'u1', rule: 'least_loaded', fitting: 2, considered: 14,
  candidates: [
    { operatorId: 'u1', held: 1, capacity: 5, idleSince: '2026-11-22T16:00:00Z', affinity: 0 },
    { operatorId: 'u2', held: 3, capacity: 5, idleSince: '', affinity: 1 },
  ],
  excluded: [
    { rule: 'skill', count: 7, operatorIds: ['u3', 'u4'] },
    { rule: 'full', count: 1, operatorIds: ['u5'] },
    { rule: 'language', count: 0, operatorIds: [] },
  ],
};

describe('a verdict', () => {
  it('tells the full ones apart from those who do not fit, and none that are nobody', () => {
    const { full, others } = parted(verdict);
    expect(full.map((each) => each.rule)).toEqual(['full']);
    expect(others.map((each) => each.rule)).toEqual(['skill']);
  });

  it('is that of the assignment asked about, or of the present', () => {
    const items = [{ version: 3, at: 100, forced: false, verdict }, { version: 9, at: 200, forced: true, verdict }];
    const now = { ...verdict, operatorId: '', rule: 'none' };
    expect(verdictAt({ items, why: '' }, 100)?.forced).toBe(false);
    expect(verdictAt({ items, why: '' })?.at).toBe(200);
    expect(verdictAt({ items, now, why: '' })).toMatchObject({ at: 0, verdict: { rule: 'none' } });
    expect(verdictAt({ items: [], why: '' })).toBeNull();
  });
});

describe('the card of a verdict', () => {
  beforeEach(() => {
    queryClient.clear();
    furnish({ operators: ['Анна Белова', 'Борис Громов', 'Вера Дымова', 'Глеб Ершов', 'Дина Жукова'].map((name, i) => ({ userId: `u${i + 1}`, name })) });
  });

  const given = (told: object, forced = false) => {
    serve(() => ({ body: { items: [{ version: 4, at: '2026-11-22T16:05:00Z', forced, verdict: told }] } }));
    show(<VerdictCard conversationId="k1" />);
  };

  it('says who won and why, who else fitted, who was full and who did not fit', async () => {
    given({
      operator_id: 'u1', rule: 'least_loaded', fitting: 2, considered: 14,
      candidates: [{ operator_id: 'u1', held: 1, capacity: 5 }, { operator_id: 'u2', held: 3, capacity: 5, affinity: 1 }],
      excluded: [{ rule: 'skill', count: 7, operator_ids: ['u3', 'u4'] }, { rule: 'full', count: 1, operator_ids: ['u5'] }],
    });
    const card = await screen.findByRole('region', { name: 'Почему так назначено' });
    expect(card).toHaveTextContent('Загрузка была самой низкой среди подходящих');
    expect(card).toHaveTextContent('Подходили и были свободны 2 оператора из 14 в группе');
    const [winner, second] = within(card).getAllByRole('listitem');
    expect(winner).toHaveTextContent('Анна Беловазанято 1 из 5');
    expect(within(winner!).getByLabelText('выбран')).toBeInTheDocument();
    expect(second).toHaveTextContent('Борис Громовзанято 3 из 5 · вёл клиента последним');
    expect(card).toHaveTextContent('Все места занятыДина Жукова');
    expect(card).toHaveTextContent('Нет нужного навыкаВера Дымова, Глеб Ершов и ещё 5');
  });

  it('says that a supervisor did it', async () => {
    given({ operator_id: 'u2' }, true);
    expect(await screen.findByText('Назначено супервизором, без правил распределения')).toBeInTheDocument();
    expect(screen.queryByText(/Подходил/)).not.toBeInTheDocument();
  });

  it('says why it waits', async () => {
    serve(() => ({ body: { items: [], now: { rule: 'none', considered: 3, excluded: [{ rule: 'not_online', count: 3, operator_ids: ['u1', 'u2', 'u3'] }] } } }));
    show(<VerdictCard conversationId="k1" />);
    const card = await screen.findByRole('region', { name: 'Почему обращение ждёт' });
    expect(card).toHaveTextContent('Сейчас никто не подходит или все заняты');
    expect(card).toHaveTextContent('Не на приёме или нет связиАнна Белова, Борис Громов, Вера Дымова');
  });

  it('says why it has nothing, and asks again', async () => {
    let fails = true;
    serve(() => (fails ? { status: 403, body: { kind: 'denied' } } : { body: { items: [] } }));
    const { user } = show(<VerdictCard conversationId="k1" />);
    expect(await screen.findByRole('alert')).toHaveTextContent('Для этого у вас нет прав.');
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByText('Назначений ещё не было')).toBeInTheDocument();
  });
});
