/** Asks before what cannot be undone. Escape and the backdrop mean no. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../i18n';

interface Props {
  opened: boolean;
  title: string;
  text?: string;
  /** What the confirming button says: a verb, not «Да». */
  confirm: string;
  /** It takes something away. */
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: ReactNode;
}

export function ConfirmDialog({ opened, title, text, confirm, danger, busy, onConfirm, onCancel, children }: Props) {
  const { t } = useText();
  return (
    <Modal opened={opened} onClose={onCancel} title={title} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <Stack gap="md">
        {text && <Text size="sm">{text}</Text>}
        {children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel} data-autofocus={danger || undefined}>
            {t('kit.cancel')}
          </Button>
          <Button color={danger ? 'red' : undefined} loading={busy} onClick={onConfirm} data-autofocus={danger ? undefined : true}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
