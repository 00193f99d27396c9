/** The status and the time in it. What a change gives back to the queue is said before it is made. */
import { Menu, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../i18n';
import { clock } from '../../kit';
import { ChevronDownIcon } from '../../kit/icons';
import { useDesk, useNow, type Desk, type Presence } from '../../sync';
import classes from './Header.module.css';
import { PresenceMark } from './PresenceMark';
import { givesBack, usePresence } from './usePresence';

export function PresenceSelect() {
  const desk = useDesk();
  const { t } = useText();
  const { options, set } = usePresence();
  if (!desk) return null;
  return (
    <Menu position="bottom-end" width={290}>
      <Menu.Target>
        <Shown desk={desk} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('app.presence')}</Menu.Label>
        {options.map((p) => (
          <Menu.Item key={p} leftSection={<PresenceMark presence={p} />} onClick={() => set(p)}>
            {t(`app.presence.${p}`)}
            <Result to={p} desk={desk} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Shown({ desk, ...rest }: { desk: Desk }) {
  const { t, duration } = useText();
  const now = useNow();
  const ms = Math.max(0, now - desk.since);
  const name = t(`app.presence.${desk.presence}`);
  return (
    <UnstyledButton className={classes.presence} {...rest} aria-label={t('app.presence.now', { name, time: duration(ms - (ms % 60_000)) })}>
      <PresenceMark presence={desk.presence} />
      <span>{name}</span>
      <span className={classes.time}>{clock(ms - (ms % 1000))}</span>
      <ChevronDownIcon size={14} aria-hidden />
    </UnstyledButton>
  );
}

function Result({ to, desk }: { to: Presence; desk: Desk }) {
  const { t } = useText();
  const count = desk.conversations.length;
  const text = to === 'INVISIBLE' ? t('app.presence.finish') : givesBack(to) && count > 0 ? t('app.presence.back', { count }) : '';
  return text ? (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  ) : null;
}
