/** Something could not be had: why, in the user's language, and another try. */
import { Alert, Button, Group, Text } from '@mantine/core';
import type { Key } from '../i18n';
import { useText } from '../i18n';
import { ErrorIcon, RefreshIcon } from './icons';

/** What went wrong, as far as the kit needs it; sync's Problem is one. */
export interface Wrong {
  kind?: string;
  status?: number;
  detail?: string;
  field?: string;
}

const byKind: Record<string, Key> = {
  network: 'kit.wrong.network',
  timeout: 'kit.wrong.timeout',
  busy: 'kit.wrong.busy',
  fault: 'kit.wrong.fault',
};

const byStatus: Record<number, Key> = {
  401: 'kit.wrong.session',
  403: 'kit.wrong.denied',
  404: 'kit.wrong.missing',
  409: 'kit.wrong.conflict',
  412: 'kit.wrong.conflict',
  413: 'kit.wrong.large',
  415: 'kit.wrong.type',
  422: 'kit.wrong.invalid',
  429: 'kit.wrong.often',
};

/** The reason in the user's language; what the server said itself if there is no better word. */
export function useReason(): (wrong: unknown) => string {
  const { t } = useText();
  return (wrong) => {
    const { kind = '', status = 0, detail } = (wrong ?? {}) as Wrong;
    const key = byKind[kind] ?? byStatus[status];
    return key ? t(key) : detail || t('kit.wrong.fault');
  };
}

interface Props {
  problem: unknown;
  title?: string;
  retry?: () => void;
}

export function Failure({ problem, title, retry }: Props) {
  const { t } = useText();
  const reason = useReason()(problem);
  return (
    <Alert color="red" variant="light" role="alert" icon={<ErrorIcon size={20} aria-hidden />} title={title ?? t('kit.wrong')}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{reason}</Text>
        {retry && (
          <Button size="compact-sm" variant="default" leftSection={<RefreshIcon size={14} aria-hidden />} onClick={retry}>
            {t('kit.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
