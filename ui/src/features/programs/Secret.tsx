/** A secret that is shown once, and how another one is made. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, useReason } from '../../kit';
import { KeyIcon } from '../../kit/icons';
import { Copied } from '../../kit/sheet/Copied';
import { useWords } from './text';

export function Once({ title, value }: { title: string; value: string }) {
  const { t } = useWords();
  return (
    <Alert variant="light" color="blue" role="status" icon={<KeyIcon size={20} aria-hidden />}>
      <Stack gap="xs">
        <Text size="sm">{t('pr.copied.once')}</Text>
        <Copied title={title} value={value} />
      </Stack>
    </Alert>
  );
}

interface Props {
  title: string;
  text: string;
  make: () => Promise<string>;
  made: (secret: string) => void;
}

export function Rotate({ title, text, make, made }: Props) {
  const { t } = useWords();
  const reason = useReason();
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = () => {
    ask(false);
    setBusy(true);
    make()
      .then(made, (e: unknown) => complain(reason(e)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => ask(true)}>{t('pr.key.rotate')}</Button>
      <ConfirmDialog opened={asking} title={title} text={text} confirm={t('pr.key.rotate')} onConfirm={run} onCancel={() => ask(false)} />
    </>
  );
}
