/** What is done with a conversation more seldom. */
import { ActionIcon, Menu } from '@mantine/core';
import { memo } from 'react';
import { useText } from '../../../i18n';
import { ClockIcon, DotsIcon, InboxIcon, NoteIcon } from '../../../kit/icons';
import type { Acts } from '../useActs';

export const MoreMenu = memo(function MoreMenu({ show, mine }: { show: Acts['show']; mine: boolean }) {
  const { t } = useText();
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('work.more')}>
          <DotsIcon size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mine && <Menu.Item leftSection={<NoteIcon size={18} aria-hidden />} onClick={() => show('note')}>{t('work.note.add')}</Menu.Item>}
        {mine && <Menu.Item leftSection={<InboxIcon size={18} aria-hidden />} onClick={() => show('giveBack')}>{t('work.giveBack')}</Menu.Item>}
        <Menu.Item leftSection={<ClockIcon size={18} aria-hidden />} onClick={() => show('sessions')}>{t('work.sessions')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});
