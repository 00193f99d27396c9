/** The header: where one is, how the line and the operator are, and the person. */
import { ActionIcon, Group } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useText } from '../../i18n';
import { Hint } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { Brand } from './Brand';
import { ConnectionMark } from './ConnectionMark';
import classes from './Header.module.css';
import { PersonMenu } from './PersonMenu';
import { PresenceSelect } from './PresenceSelect';
import { Sections } from './Sections';

export function Header() {
  const { t } = useText();
  return (
    <header className={classes.header}>
      <Brand />
      <Sections />
      <Group gap="sm" wrap="nowrap" ml="auto">
        <ConnectionMark />
        <PresenceSelect />
        <Hint label={t('app.palette')} command="app.palette">
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('app.palette')} onClick={spotlight.open}>
            <SearchIcon size={18} aria-hidden />
          </ActionIcon>
        </Hint>
        <PersonMenu />
      </Group>
    </header>
  );
}
