/** «⋮» of a conversation and of an operator. */
import { ActionIcon, Menu, Text } from '@mantine/core';
import { DotsIcon, FlagIcon, PowerIcon, TakeIcon, TransferIcon, UndoIcon } from '../../kit/icons';
import { useDesk, useWorkplace } from '../../sync';
import type { WallConversation, WallOperator } from '../../sync/wall';
import { useActs } from './acts';
import { useWords } from './text';
import classes from './wall.module.css';

/** A row of which one is the list's tab stop lets the tab in, the others do not. */
interface Props {
  tabbable?: boolean;
}

export function ConversationMenu({ conversation: c, tabbable = true }: Props & { conversation: WallConversation }) {
  const { t } = useWords();
  const { user: me } = useWorkplace();
  const { ask, take, putBack } = useActs();
  const presence = useDesk()?.presence;
  const there = presence === 'ONLINE' || presence === 'INVISIBLE';
  const name = c.customerName || t('wall.customer');
  const mine = c.phase === 'served' && c.keeperId === me.userId;
  return (
    <Dots label={t('wall.acts', { name })} tabbable={tabbable}>
      <Menu.Item leftSection={<TransferIcon size={16} aria-hidden />} onClick={() => ask({ act: 'assign', conversation: c })}>
        {t(c.phase === 'served' ? 'wall.act.reassign' : 'wall.act.assign')}
      </Menu.Item>
      {me.lineIds.length > 0 && !mine && (
        <Menu.Item leftSection={<TakeIcon size={16} aria-hidden />} disabled={!there} onClick={() => take(c)}>
          {t('wall.act.take')}
          {!there && <Text size="xs">{t('wall.act.take.needs')}</Text>}
        </Menu.Item>
      )}
      {c.phase === 'waiting' ? (
        <Menu.Item leftSection={<FlagIcon size={16} aria-hidden />} onClick={() => ask({ act: 'priority', conversation: c })}>{t('wall.act.priority')}</Menu.Item>
      ) : (
        <Menu.Item leftSection={<UndoIcon size={16} aria-hidden />} onClick={() => putBack(c)}>{t(c.phase === 'served' ? 'wall.act.return' : 'wall.act.queue')}</Menu.Item>
      )}
    </Dots>
  );
}

export function OperatorMenu({ operator, tabbable = true }: Props & { operator: WallOperator }) {
  const { t } = useWords();
  const { ask } = useActs();
  if (operator.presence === 'OFFLINE') return <span />;
  return (
    <Dots label={t('wall.acts', { name: operator.name })} tabbable={tabbable}>
      <Menu.Item color="red" leftSection={<PowerIcon size={16} aria-hidden />} onClick={() => ask({ act: 'offline', operator })}>{t('wall.act.offline')}</Menu.Item>
    </Dots>
  );
}

function Dots({ label, tabbable, children }: { label: string; tabbable: boolean; children: React.ReactNode }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={label} tabIndex={tabbable ? 0 : -1} className={classes.dots}>
          <DotsIcon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
