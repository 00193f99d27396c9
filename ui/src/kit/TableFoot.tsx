/** What stands below a table: how many rows a page has, which are shown, the pages, and a look whether all is fresh. */
import { ActionIcon, Button, Select, Text } from '@mantine/core';
import { Hint } from './Hint';
import { RefreshIcon } from './icons';
import { pageNumbers, pages, pageSizes } from './pages';
import classes from './table.module.css';

interface Props {
  total: number;
  /** From 1. */
  page: number;
  size: number;
  busy: boolean;
  words: { size: string; shown: string; pages: string; page: (n: number) => string; previous: string; next: string; refresh: string };
  onPage: (page: number) => void;
  onSize: (size: number) => void;
  refresh: () => void;
}

export function TableFoot({ total, page, size, busy, words, onPage, onSize, refresh }: Props) {
  const count = pages(total, size);
  const now = Math.min(page, count);
  return (
    <div className={classes.below}>
      <Select
        label={words.size} className={classes.size} value={String(size)} allowDeselect={false}
        data={pageSizes.map(String)} onChange={(next) => next && onSize(Number(next))}
      />
      <Text size="sm" c="dimmed" className={classes.shown}>{total > 0 && words.shown}</Text>
      <nav aria-label={words.pages} className={classes.pager}>
        <Button variant="default" size="compact-sm" disabled={now <= 1} onClick={() => onPage(now - 1)}>{words.previous}</Button>
        {pageNumbers(now, count).map((n, i) =>
          n === 0 ? (
            <span key={`gap ${i}`} aria-hidden>…</span>
          ) : (
            <Button key={n} variant={n === now ? 'filled' : 'subtle'} size="compact-sm" aria-label={words.page(n)} aria-current={n === now ? 'page' : undefined} onClick={() => onPage(n)}>
              {n}
            </Button>
          ),
        )}
        <Button variant="default" size="compact-sm" disabled={now >= count} onClick={() => onPage(now + 1)}>{words.next}</Button>
      </nav>
      <Hint label={words.refresh}>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.refresh} loading={busy} onClick={refresh}>
          <RefreshIcon size={18} aria-hidden />
        </ActionIcon>
      </Hint>
    </div>
  );
}
