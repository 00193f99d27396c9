import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../i18n';
import { Avatar, hueOf, initials } from './Avatar';
import { clock, toneGone, toneLeft, usualMarks } from './clock';
import { ConfirmDialog } from './Confirm';
import { Failure } from './Failure';
import { clean, maker } from './preview/Document';
import { previewKind } from './preview/kinds';
import { read } from './preview/Sheet';
import { Timer } from './Timer';
import { target, useRoving } from './useRoving';

const show = (node: ReactNode) =>
  render(
    <LocaleProvider>
      <MantineProvider env="test">{node}</MantineProvider>
    </LocaleProvider>,
  );

describe('clock', () => {
  it.each([
    [0, '00:00'],
    [5_001, '00:06'],
    [65_000, '01:05'],
    [3_909_000, '1:05:09'],
    [-20_000, '−00:20'],
    [-1, '−00:01'],
  ])('%i ms is %s', (ms, text) => expect(clock(ms)).toBe(text));

  it('grows sharper as the time runs out', () => {
    expect(toneLeft(60_001, usualMarks)).toBe('neutral');
    expect(toneLeft(60_000, usualMarks)).toBe('warning');
    expect(toneLeft(0, usualMarks)).toBe('danger');
    expect(toneGone(90_000, [{ seconds: 60, tone: 'warning' }])).toBe('warning');
  });
});

describe('Timer', () => {
  it('says what it measures and that it is over', () => {
    show(<Timer now={100_000} due={80_000} label="Ответ" />);
    const timer = screen.getByRole('timer', { name: /^Ответ: просрочено на 20/ });
    expect(timer).toHaveTextContent('−00:20');
    expect(timer.querySelector('svg')).not.toBeNull();
  });

  it('has no sign while there is time', () => {
    show(<Timer now={0} due={180_000} />);
    expect(screen.getByRole('timer').querySelector('svg')).toBeNull();
  });
});

describe('Avatar', () => {
  it.each([
    ['Анна Смирнова', 'АС'],
    ['  иван ', 'И'],
    ['😀', ''],
    ['+7 900', '79'],
  ])('%s is %s', (name, letters) => expect(initials(name)).toBe(letters));

  it('keeps the hue of a person', () => {
    expect(hueOf('c-1')).toBe(hueOf('c-1'));
    expect(new Set(Array.from({ length: 50 }, (_, i) => hueOf(`c-${i}`))).size).toBeGreaterThan(5);
  });
});

describe('Failure', () => {
  it('tells the reason in the language of the user and tries again', async () => {
    const retry = vi.fn();
    show(<Failure problem={{ status: 403, detail: 'you may not' }} retry={retry} />);
    expect(screen.getByRole('alert')).toHaveTextContent('нет прав');
    await userEvent.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it('tells what the server said when there is no better word', () => {
    show(<Failure problem={{ status: 418, detail: 'a teapot' }} />);
    expect(screen.getByRole('alert')).toHaveTextContent('a teapot');
  });
});

it('ConfirmDialog takes Escape for no', async () => {
  const yes = vi.fn();
  const no = vi.fn();
  show(<ConfirmDialog opened title="Завершить?" confirm="Завершить" onConfirm={yes} onCancel={no} />);
  await userEvent.click(screen.getByRole('button', { name: 'Завершить' }));
  expect(yes).toHaveBeenCalledOnce();
  await userEvent.keyboard('{Escape}');
  expect(no).toHaveBeenCalledOnce();
});

describe('useRoving', () => {
  function List() {
    return (
      <div {...useRoving<HTMLDivElement>()}>
        {['a', 'b', 'c'].map((n) => (
          <button key={n} data-roving>
            {n}
          </button>
        ))}
      </div>
    );
  }

  it('is one tab stop, and arrows, Home and End move', async () => {
    show(<List />);
    await userEvent.tab();
    expect(screen.getByText('a')).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(screen.getByText('c')).toHaveFocus();
    await userEvent.keyboard('{Home}');
    expect(screen.getByText('a')).toHaveFocus();
    expect(screen.getAllByRole('button').map((b) => b.tabIndex)).toEqual([0, -1, -1]);
    await userEvent.tab();
    expect(document.body).toHaveFocus();
  });

  it('knows its way', () => {
    expect(target('ArrowLeft', 1, 3, 'vertical')).toBe(-1);
    expect(target('ArrowLeft', 1, 3, 'horizontal')).toBe(0);
    expect(target('End', 0, 3, 'vertical')).toBe(2);
  });
});

describe('previews', () => {
  it.each([
    ['договор.PDF', '', 'pdf'],
    ['a.bin', 'application/pdf', 'pdf'],
    ['отчёт.xls', 'application/octet-stream', 'sheet'],
    ['a.docx', '', 'document'],
    ['a.svg', 'image/svg+xml', undefined],
    ['a.html', 'text/html', undefined],
    ['a.doc', 'application/x-ole-storage', 'word'],
    ['письмо', 'application/msword', 'word'],
  ])('%s %s is %s', (name, mime, kind) => expect(previewKind(name, mime)).toBe(kind));

  it('a table is text, whatever it holds', async () => {
    const [page] = await read(new Blob(['Имя,Сумма\n<b>Иван</b>,=1+1\n'], { type: 'text/csv' }));
    expect(page?.rows[1]?.[0]).toBe('<b>Иван</b>');
    expect(page?.cut).toBe(false);
  });

  it('a table of an old Russian spreadsheet is read too', async () => {
    const [page] = await read(new Blob([new Uint8Array([0xc8, 0xec, 0xff, 0x3b, 0x31, 0x0a])]));
    expect(page?.rows[0]).toEqual(['Имя', '1']);
  });

  it('a document runs nothing and fetches nothing', () => {
    const css: string[] = [];
    const h = maker(css);
    const root = document.createElement('div');
    root.append(
      h({ tagName: 'style', children: ['p { color: red }'] }),
      h({ tagName: 'iframe' }),
      h({ tagName: 'p', style: 'color: blue', children: [{ tagName: 'a', href: 'javascript:alert(1)', onclick: () => {}, children: ['ссылка'] } as never] }),
      h({ tagName: 'a', href: 'https://example.com/', children: ['сайт'] } as never),
      h({ tagName: 'img', src: 'https://example.com/a.png' } as never),
    );
    clean(root);
    expect(root.querySelector('iframe, script, style, img')).toBeNull();
    expect(css).toEqual(['p { color: red }']);
    const [bad, good] = root.querySelectorAll('a');
    expect(bad?.hasAttribute('href')).toBe(false);
    expect(bad?.onclick ?? null).toBeNull();
    expect(good).toHaveAttribute('rel', 'noopener noreferrer');
    expect(root.querySelector('p')?.style.color).toBe('blue');
  });
});

describe('Avatar', () => {
  it('is the picture where there is one, and the initials otherwise', () => {
    show(<><Avatar name="Анна Иванова" /><Avatar name="Борис" src="/api/v1/files/boris/ab12" /></>);
    expect(screen.getByText('АИ')).toBeTruthy();
    expect(document.querySelector('img')?.getAttribute('src')).toBe('/api/v1/files/boris/ab12');
  });
});
