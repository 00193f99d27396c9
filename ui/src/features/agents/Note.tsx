import { Alert, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** What has to be known before the fields below it make sense. */
export function Note({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Alert variant="light" color="blue" role="note" title={title}>
      <Stack gap="xs">{children}</Stack>
    </Alert>
  );
}
