/** Why a file is not shown: what the virus check found, or that it does not answer. */
import { Alert, Button, Group, Text } from '@mantine/core';
import type { Wrong } from '../Failure';
import { RefreshIcon, UncheckedIcon, VirusIcon } from '../icons';
import { useWords, virusOf } from './heldBack';

export default function HeldBack({ why, retry }: { why: Wrong; retry: () => void }) {
  const { t } = useWords();
  const virus = why.kind === 'denied';
  const Icon = virus ? VirusIcon : UncheckedIcon;
  return (
    <Alert color={virus ? 'red' : 'orange'} variant="light" role="alert" icon={<Icon size={20} aria-hidden />} title={t(virus ? 'held.virus' : 'held.unchecked')}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{virus ? t('held.virus.text', { virus: virusOf(why.detail) }) : t('held.unchecked.text')}</Text>
        {!virus && (
          <Button size="compact-sm" variant="default" leftSection={<RefreshIcon size={14} aria-hidden />} onClick={retry}>{t('held.again')}</Button>
        )}
      </Group>
    </Alert>
  );
}
