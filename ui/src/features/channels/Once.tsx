/** What was made with an account, and is never told again. */
import { Alert, Stack } from '@mantine/core';
import type { Made } from '../../sync';
import { Copied } from '../../kit/sheet/Copied';
import { useWords } from './text';

export function Once({ kind, made }: { kind: string; made: Made }) {
  const { t } = useWords();
  if (!made.key && !made.signing) return null;
  return (
    <Alert variant="light" color="blue" role="note" title={t('channels.once')}>
      <Stack gap="xs">
        {made.key && <Copied title={t('channels.once.key')} value={made.key} />}
        {made.signing && <Copied title={t(kind === 'widget' ? 'channels.once.signing.widget' : 'channels.once.signing')} value={made.signing} />}
      </Stack>
    </Alert>
  );
}
