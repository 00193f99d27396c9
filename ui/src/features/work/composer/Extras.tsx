/** What only some channels have: buttons that ask for a phone or a place, and a time to answer in. */
import { ActionIcon, Menu } from '@mantine/core';
import { useText } from '../../../i18n';
import { hinted } from '../../../kit';
import { AddIcon, CloseIcon, PhoneIcon, PinIcon, WarningIcon } from '../../../kit/icons';
import { useNow, type Ask } from '../../../sync';
import classes from './extras.module.css';

const icons = { ASK_PHONE: PhoneIcon, ASK_LOCATION: PinIcon };

export function AskMenu({ asks, onAsk, onClosed }: { asks: Ask[]; onAsk: (ask: Ask) => void; onClosed: () => void }) {
  const { t } = useText();
  return (
    <Menu position="top-start" returnFocus={false} onClose={onClosed}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('work.ask')} {...hinted(t('work.ask'))}>
          <AddIcon size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {asks.map((ask) => {
          const Icon = icons[ask];
          return (
            <Menu.Item key={ask} leftSection={<Icon size={16} aria-hidden />} onClick={() => onAsk(ask)}>
              {t(`work.ask.${ask}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

export function AskedFor({ ask, onDrop }: { ask: Ask; onDrop: () => void }) {
  const { t } = useText();
  const Icon = icons[ask];
  return (
    <div className={classes.asked} role="status">
      <Icon size={16} aria-hidden />
      <span>{t(`work.ask.${ask}.with`)}</span>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('work.ask.drop')} onClick={onDrop}>
        <CloseIcon size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}

const HOUR = 3_600_000;

/** The channel may refuse an answer that comes so late: what will become of it. */
export function Window({ hours, kind, lastIn }: { hours: number; kind: string; lastIn: number }) {
  const { t } = useText();
  const now = useNow();
  if (now - lastIn < hours * HOUR) return null;
  return (
    <p className={classes.window} role="note">
      <WarningIcon size={16} aria-hidden />
      <span>{t('work.window', { count: hours, what: t(kind === 'whatsapp' ? 'work.window.whatsapp' : 'work.window.other') })}</span>
    </p>
  );
}
