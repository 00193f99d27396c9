import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Hint, HintLayer } from './Hint';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

it('a hint shows what it says and its keys, after a moment, and goes with the pointer', () => {
  render(
    <MantineProvider env="test">
      <Hint label="Перевести" command="work.transfer">
        <button type="button">→</button>
      </Hint>
      <Hint label="Ничего" disabled>
        <button type="button">×</button>
      </Hint>
      <HintLayer />
    </MantineProvider>,
  );
  const button = screen.getByRole('button', { name: '→' });
  const over = (e: Element) => fireEvent.pointerOver(e, { pointerType: 'mouse' });
  over(button);
  wait(300);
  expect(screen.queryByRole('tooltip')).not.toBeInTheDocument();
  wait(200);
  expect(screen.getByRole('tooltip')).toHaveTextContent('Перевести');
  expect(screen.getByRole('tooltip')).toHaveTextContent('T');
  expect(button).toHaveAccessibleDescription(/Перевести/);

  fireEvent.pointerDown(button);
  expect(screen.queryByRole('tooltip')).not.toBeInTheDocument();
  expect(button).not.toHaveAttribute('aria-describedby');

  over(screen.getByRole('button', { name: '×' }));
  wait(1000);
  expect(screen.queryByRole('tooltip')).not.toBeInTheDocument();
});
