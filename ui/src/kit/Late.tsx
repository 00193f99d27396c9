/** Shows what is inside after a moment: what loads at once does not flicker. */
import { Skeleton, Stack } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../i18n';

export function Late({ after = 300, children }: { after?: number; children: ReactNode }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return shown ? children : null;
}

/** Grey lines where a list will be. */
export function Lines({ rows = 4, height = 16 }: { rows?: number; height?: number }) {
  const { t } = useText();
  return (
    <Late>
      <Stack gap={12} p="md" role="status" aria-label={t('kit.loading')}>
        {Array.from({ length: rows }, (_, i) => (
          <Skeleton key={i} height={height} width={i % 3 === 2 ? '60%' : '100%'} />
        ))}
      </Stack>
    </Late>
  );
}
