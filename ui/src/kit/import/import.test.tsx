import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../i18n';
import { ImportDialog } from './ImportDialog';

interface Found {
  news: number;
  wrong: string;
}

const words = { title: 'Table', text: 'A table.', drop: 'Drop it here', pick: 'Choose', again: 'Another', broken: 'No table', load: 'Load' };
const file = new File(['a;b'], 'people.csv', { type: 'text/csv' });

function show(bring: (file: File, dryRun: boolean) => Promise<Found>) {
  const close = vi.fn();
  render(
    <LocaleProvider>
      <MantineProvider env="test">
        <ImportDialog
          words={words} size="md" accept=".csv" close={close} bring={bring} reason={(thrown) => `because ${(thrown as Error).message}`}
          loaded={(done) => done.wrong === ''} said={() => 'loaded'} ready={(found) => found.wrong === '' && found.news > 0} show={(found) => <p>{found.wrong || `${found.news} new`}</p>}
        />
      </MantineProvider>
    </LocaleProvider>,
  );
  return close;
}

const pick = () => userEvent.upload(document.querySelector<HTMLInputElement>('input[type="file"]')!, file);
const load = () => screen.getByRole('button', { name: 'Load' });

it('is only looked at until it is loaded', async () => {
  const bring = vi.fn<(file: File, dryRun: boolean) => Promise<Found>>(() => Promise.resolve({ news: 2, wrong: '' }));
  const close = show(bring);
  expect(load()).toBeDisabled();
  await pick();
  expect(await screen.findByText('2 new')).toBeVisible();
  expect(bring.mock.calls).toEqual([[file, true]]);
  await userEvent.click(load());
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(bring.mock.calls).toEqual([[file, true], [file, false]]);
});

it('stays open and says what has become wrong meanwhile', async () => {
  const close = show((_, dryRun) => Promise.resolve({ news: 1, wrong: dryRun ? '' : 'somebody was faster' }));
  await pick();
  await screen.findByText('1 new');
  await userEvent.click(load());
  expect(await screen.findByText('somebody was faster')).toBeVisible();
  expect(load()).toBeDisabled();
  expect(close).not.toHaveBeenCalled();
});

it('takes what is dropped, and says why it is no such file', async () => {
  show(() => Promise.reject(new Error('it is a picture')));
  const place = screen.getByText('Drop it here').parentElement!;
  const dataTransfer = { types: ['Files'], files: [file] };
  fireEvent.dragOver(place, { dataTransfer });
  expect(place).toHaveAttribute('data-over');
  fireEvent.drop(place, { dataTransfer });
  expect(await screen.findByRole('alert')).toHaveTextContent('because it is a picture');
  expect(place).not.toHaveAttribute('data-over');
  expect(place).toHaveTextContent('people.csv');
});
