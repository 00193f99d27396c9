import { Text } from '@mantine/core';
import type { Used } from '../../sync/organisation';
import { useWords } from './text';

/** In a row: how much refers to it. */
export function Count({ used }: { used: Used | undefined }) {
  const { t } = useWords();
  const count = used?.by.length ?? 0;
  return count === 0 ? <Text size="sm" c="dimmed">{t('org.used.none')}</Text> : <Text size="sm">{t('org.used.count', { count })}</Text>;
}
