/** What is done with a conversation more seldom. */
import { ActionIcon, Menu } from '@mantine/core';
import { memo } from 'react';
import { useText } from '../../../i18n';
import { DotsIcon, InboxIcon, NoteIcon } from '../../../kit/icons';
import type { Acts } from '../useActs';

export const MoreMenu = memo(function MoreMenu({ show }: { show: Acts['show'] }) {
  const { t } = useText();
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('work.more')}>
          <DotsIcon size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<NoteIcon size={18} aria-hidden />} onClick={() => show('note')}>{t('work.note.add')}</Menu.Item>
        <Menu.Item leftSection={<InboxIcon size={18} aria-hidden />} onClick={() => show('giveBack')}>{t('work.giveBack')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});
