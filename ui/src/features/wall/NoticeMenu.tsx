/** Whether alerts are heard, and shown on the desktop. The browser is asked only when somebody wants that. */
import { ActionIcon, Popover, Stack, Switch, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { hinted } from '../../kit/Hint';
import { BellIcon } from '../../kit/icons';
import { sound } from '../../kit/sound';
import { onAlert, type WallAlert } from '../../sync/wall';
import { useAlertText } from './Alerts';
import { setNotices, useNotices } from './notices';
import { useWords } from './text';

export function NoticeMenu() {
  const { t } = useWords();
  const notices = useNotices();
  const [opened, turn] = useState(false);
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  useAlertNotices();

  async function want(desktop: boolean): Promise<void> {
    setNotices({ desktop });
    if (desktop && permission === 'default') setPermission(await Notification.requestPermission());
  }

  return (
    <Popover opened={opened} onChange={turn} position="bottom-end" width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('wall.notice')} {...hinted(t('wall.notice'))} onClick={() => turn(!opened)}><BellIcon size={18} aria-hidden /></ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('wall.notice')}>
        <Stack gap="sm">
          <Switch label={t('wall.notice.sound')} checked={notices.sound} onChange={(e) => setNotices({ sound: e.currentTarget.checked })} />
          <Switch label={t('wall.notice.desktop')} checked={notices.desktop} onChange={(e) => void want(e.currentTarget.checked)} />
          {notices.desktop && permission === 'denied' && <Text size="sm" c="var(--mantine-color-error)" role="status">{t('wall.notice.blocked')}</Text>}
          <Text size="xs" c="dimmed">{t('wall.notice.bounds')}</Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Sounds and shows what is raised while the page is open. */
function useAlertNotices(): void {
  const { t } = useWords();
  const say = useAlertText();
  useEffect(
    () =>
      onAlert((alert: WallAlert) => {
        const wanted = useNotices.getState();
        if (wanted.sound) sound('message');
        if (!wanted.desktop || !('Notification' in window) || Notification.permission !== 'granted') return;
        const shown = new Notification(t('wall.notice.title'), { body: say(alert), tag: alert.id, icon: '/favicon.svg', silent: true });
        shown.onclick = () => {
          window.focus();
          shown.close();
        };
      }),
    [t, say],
  );
}
