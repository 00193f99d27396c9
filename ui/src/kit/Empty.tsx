/** An empty list says what to do next. */
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { InboxIcon } from './icons';

interface Props {
  title: string;
  text?: string;
  icon?: ReactNode;
  children?: ReactNode;
}

export function Empty({ title, text, icon = <InboxIcon size={32} aria-hidden />, children }: Props) {
  return (
    <Stack align="center" justify="center" gap={8} p="xl" ta="center" c="dimmed">
      {icon}
      <Text fw={600} c="var(--mantine-color-text)">
        {title}
      </Text>
      {text && (
        <Text size="sm" maw={360}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
