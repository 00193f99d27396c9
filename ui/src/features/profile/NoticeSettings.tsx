/** What is heard and what is shown on the desktop, each by itself. */
import { Button, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { testSound } from '../../kit';
import { SoundIcon } from '../../kit/icons';
import { usePreferences } from '../../sync';
import { useWords } from './text';

const sounds = ['soundAssigned', 'soundMessage'] as const;
const notices = ['notifyAssigned', 'notifyMessage'] as const;

export function NoticeSettings() {
  const { t } = useWords();
  const [preferences, change] = usePreferences();
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  const wanted = notices.some((n) => preferences[n]);

  async function notify(name: (typeof notices)[number], on: boolean): Promise<void> {
    change({ [name]: on });
    if (on && permission === 'default') setPermission(await Notification.requestPermission());
  }

  return (
    <Stack gap="sm" align="flex-start">
      {sounds.map((s) => (
        <Switch key={s} label={t(`app.profile.${s}`)} checked={preferences[s]} onChange={(e) => change({ [s]: e.currentTarget.checked })} />
      ))}
      <Button variant="default" size="xs" leftSection={<SoundIcon size={16} aria-hidden />} onClick={testSound}>
        {t('app.profile.test')}
      </Button>
      {notices.map((n) => (
        <Switch key={n} label={t(`app.profile.${n}`)} checked={preferences[n]} onChange={(e) => void notify(n, e.currentTarget.checked)} />
      ))}
      {wanted && permission === 'denied' && (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {t('app.profile.blocked')}
        </Text>
      )}
    </Stack>
  );
}
