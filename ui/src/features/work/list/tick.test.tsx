import { MantineProvider } from '@mantine/core';
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyWorkplace } from '../../../sync';
import { aConversation } from '../fixtures';
import { DialogRow } from './DialogRow';

const faces = vi.hoisted(() => vi.fn());

vi.mock('../../../kit', async (original) => ({
  ...(await original<typeof import('../../../kit')>()),
  Avatar: ({ id }: { id: string }) => faces(id) ?? null,
}));

vi.mock('../../../sync', async (original) => ({
  ...(await original<typeof import('../../../sync')>()),
  useConversation: (id: string) => all.get(id),
  useWorkplace: () => workplace,
}));

const workplace = emptyWorkplace;
const names = ['a', 'b', 'c'];
const all = new Map(names.map((id) => [id, aConversation({ id, customerId: id, assignedAt: Date.now() })]));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a second re-renders the timers and no row', () => {
  render(
    <MantineProvider env="test">
      {names.map((id, i) => (
        <DialogRow key={id} id={id} current={false} tabbable={false} place={i + 1} total={3} onOpen={() => {}} />
      ))}
    </MantineProvider>,
  );
  const before = screen.getAllByRole('timer').map((e) => e.textContent);
  faces.mockClear();
  act(() => void vi.advanceTimersByTime(3000));
  const after = screen.getAllByRole('timer').map((e) => e.textContent);
  expect(after.every((text, i) => text !== before[i])).toBe(true);
  expect(faces).not.toHaveBeenCalled();
});
