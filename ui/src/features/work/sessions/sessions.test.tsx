/** The sessions of processing, read off what happened. */
import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Happening, Item } from '../../../sync';
import { aConversation, aMessage } from '../fixtures';
import SessionsDialog from './SessionsDialog';
import { sessionsOf } from './sessions';

const minute = 60_000;
const noon = new Date(2026, 4, 1, 12).getTime();

function story(...happened: [after: number, kind: Happening['kind'], operatorId: string, detail: string, lineId?: string][]): Item[] {
  return happened.map(([after, kind, operatorId, detail, lineId], i) => {
    const at = noon + after * minute;
    return { is: 'happening', key: String(i), at, happening: { kind, at, operatorId, detail, lineId } };
  });
}

const long = story(
  [0, 'opened', '', ''],
  [0, 'agent', '', 'greeting'],
  [1, 'agent', '', 'bot'],
  [3, 'agentFailed', '', 'late'],
  [3, 'queued', '', 'AGENT_FAILED', 'help'],
  [5, 'assigned', 'olga', ''],
  [10, 'timedOut', 'olga', ''],
  [10, 'queued', 'olga', 'RESPONSE_TIMEOUT', 'help'],
  [12, 'topic', 'admin', 'delivery'],
  [15, 'assigned', 'ivan', 'forced'],
  [30, 'detached', 'ivan', ''],
  [60, 'closed', '', 'SILENCE'],
);

// proves CV-07
describe('sessions of processing', () => {
  it('follow one another without a gap, and each says how it ended', () => {
    const all = sessionsOf(aConversation({ items: [...long.slice(0, 6), aMessage('1', noon + 6 * minute), ...long.slice(6)] }));
    expect(all.map((s) => [s.handler, s.id, (s.begin - noon) / minute, s.ending, s.ended])).toEqual([
      ['agent', 'greeting', 0, 'next', ''],
      ['agent', 'bot', 1, 'failed', 'AGENT_FAILED'],
      ['queue', 'help', 3, 'assigned', ''],
      ['operator', 'olga', 5, 'queued', 'RESPONSE_TIMEOUT'],
      ['queue', 'help', 10, 'forced', ''],
      ['operator', 'ivan', 15, 'silence', ''],
      ['silence', '', 30, 'closed', 'SILENCE'],
    ]);
    expect(all.slice(1).map((s) => s.begin)).toEqual(all.slice(0, -1).map((s) => s.end));
    expect(all.at(-1)?.end).toBe(noon + 60 * minute);
  });

  it('have one under way while the conversation goes on, and none before it is anybody’s', () => {
    const last = sessionsOf({ items: long.slice(0, 6) }).at(-1);
    expect(last).toMatchObject({ handler: 'operator', ending: '' });
    expect(last?.end).toBeUndefined();
    expect(sessionsOf({ items: long.slice(0, 1) })).toEqual([]);
  });

  it('are a table that names handlers, times, lengths and reasons', () => {
    render(
      <MantineProvider env="test">
        <SessionsDialog conversation={aConversation({ items: long })} onClose={() => {}} />
      </MantineProvider>,
    );
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows).toHaveLength(7);
    expect(within(rows[3]!).getAllByRole('cell').map((c) => c.textContent)).toEqual(['olgaОператор', '12:05', '12:10', '5 мин', 'оператор не ответил вовремя']);
    expect(rows[4]).toHaveTextContent('назначил супервайзер');
    expect(rows[6]).toHaveTextContent(/Ожидание клиента.*обращение завершено: клиент молчит/);
  });
});
