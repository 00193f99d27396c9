/** A table with its pages and its file. */
import { Button, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { DownloadIcon } from '../../kit/icons';
import { useWords } from './text';
import classes from './statistics.module.css';

export const pageSize = 10;

interface Props {
  title: string;
  /** Of the file. */
  href: string;
  download: string;
  page: number;
  total: number;
  turn: (page: number) => void;
  children: ReactNode;
}

export function TableCard({ title, href, download, page, total, turn, children }: Props) {
  const { t, number } = useWords();
  const last = Math.max(1, Math.ceil(total / pageSize));
  const from = (Math.min(page, last) - 1) * pageSize;
  return (
    <section className={classes.card} aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h5">{title}</Title>
        <Group gap="xs">
          {total > 0 && (
            <Text size="sm" c="dimmed" className={classes.digits} role="status">
              {t('st.shown', { from: number(from + 1), to: number(Math.min(from + pageSize, total)), total: number(total) })}
            </Text>
          )}
          <Group component="nav" gap={4} aria-label={t('st.pages', { table: title })}>
            <Button variant="default" size="compact-sm" disabled={page <= 1} onClick={() => turn(Math.min(page, last + 1) - 1)}>{t('st.previous')}</Button>
            <Button variant="default" size="compact-sm" disabled={page >= last} onClick={() => turn(page + 1)}>{t('st.next')}</Button>
          </Group>
          <Button component="a" href={href} download variant="default" size="compact-sm" leftSection={<DownloadIcon size={14} aria-hidden />} aria-label={download}>
            {t('st.download')}
          </Button>
        </Group>
      </Group>
      {children}
    </section>
  );
}
