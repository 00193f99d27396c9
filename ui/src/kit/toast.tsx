/** Words that come and go at the bottom left. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const UNDO_TIME = 5000;

export function say(text: string): void {
  notifications.show({ message: text, withCloseButton: false });
}

export function complain(text: string): void {
  notifications.show({ message: text, color: 'red', autoClose: 8000, role: 'alert' });
}

/** Tells what was done and lets it be undone for five seconds. */
export function offerUndo(text: string, undo: string, onUndo: () => void): void {
  const id = notifications.show({ message: '', autoClose: UNDO_TIME, withCloseButton: false });
  const press = () => {
    notifications.hide(id);
    onUndo();
  };
  notifications.update({
    id,
    autoClose: UNDO_TIME,
    withCloseButton: false,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text}</Text>
        <Button size="compact-sm" variant="subtle" style={{ flexShrink: 0 }} onClick={press}>
          {undo}
        </Button>
      </Group>
    ),
  });
}
