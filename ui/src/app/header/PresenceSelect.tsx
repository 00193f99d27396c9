/** The status and the time in it. What a change gives back to the queue is said before it is made. */
import { Menu, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../i18n';
import { clock, hinted } from '../../kit';
import { ChevronDownIcon } from '../../kit/icons';
import { useConnection, useDesk, useNow, type Desk, type Presence } from '../../sync';
import classes from './Header.module.css';
import { PresenceMark } from '../../kit/PresenceMark';
import { givesBack, usePresence } from './usePresence';

export function PresenceSelect() {
  const desk = useDesk();
  const { t } = useText();
  const { options, set } = usePresence();
  const lost = useConnection().state !== 'live';
  if (!desk) return null;
  return (
    <Menu position="bottom-end" width={290} disabled={lost}>
      <Menu.Target>
        {/* It keeps the focus, so that the reason can be read. */}
        <UnstyledButton className={classes.presence} aria-disabled={lost || undefined} {...(lost ? hinted(t('app.presence.lost')) : {})}>
          <Shown desk={desk} />
        </UnstyledButton>
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

function Shown({ desk }: { desk: Desk }) {
  const { t } = useText();
  return (
    <>
      <PresenceMark presence={desk.presence} />
      <span>
        <span className="visually-hidden">{t('app.presence')}: </span>
        {t(`app.presence.${desk.presence}`)}
      </span>
      {desk.since > 0 && <TimeIn since={desk.since} />}
      <ChevronDownIcon size={14} aria-hidden />
    </>
  );
}

/** For those who hear the page the minutes are enough. */
function TimeIn({ since }: { since: number }) {
  const { duration } = useText();
  const ms = Math.max(0, useNow() - since);
  return (
    <>
      <span className={classes.time} aria-hidden>
        {clock(ms - (ms % 1000))}
      </span>
      <span className="visually-hidden">, {duration(ms - (ms % 60_000))}</span>
    </>
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
