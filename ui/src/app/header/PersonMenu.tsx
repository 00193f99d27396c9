/** The person: settings, language, looks, keys, the way out. */
import { Menu, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { locales, useText, type Locale } from '../../i18n';
import { Avatar, go, leave, runCommand } from '../../kit';
import { KeyboardIcon, ProfileIcon, SignOutIcon, StarIcon } from '../../kit/icons';
import { canSetUp } from '../../features/welcome/newcomer';
import { useSession } from '../../sync';
import classes from './Header.module.css';

const schemes: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export function fullName(user: { firstName: string; lastName: string; login: string }): string {
  return [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login;
}

export function PersonMenu() {
  const { t } = useText();
  const { user, may, signOut } = useSession();
  if (!user) return null;
  const name = fullName(user);
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <span className="visually-hidden">{t('app.profile.menu', { name })}</span>
          <Avatar name={name} id={user.userId} size={30} />
          <Text size="sm" className={classes.name} aria-hidden>
            {name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<ProfileIcon size={16} />} onClick={() => go('/profile')}>
          {t('app.profile')}
        </Menu.Item>
        {canSetUp(may) && (
          <Menu.Item leftSection={<StarIcon size={16} />} onClick={() => go('/welcome')}>
            {t('app.welcome')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<KeyboardIcon size={16} />} onClick={() => runCommand('app.keys')}>
          {t('app.keys')}
        </Menu.Item>
        <Menu.Divider />
        <Languages />
        <Menu.Divider />
        <Schemes />
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => leave(() => void signOut())}>
          {t('app.signout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Languages() {
  const { t, locale, setLocale } = useText();
  return (
    <Menu.RadioGroup value={locale} onChange={(l) => setLocale(l as Locale)}>
      <Menu.Label>{t('app.language')}</Menu.Label>
      {locales.map((l) => (
        <Menu.RadioItem key={l} value={l} lang={l}>
          {t(`app.language.${l}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function Schemes() {
  const { t } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(s) => setColorScheme(s as MantineColorScheme)}>
      <Menu.Label>{t('app.theme')}</Menu.Label>
      {schemes.map((scheme) => (
        <Menu.RadioItem key={scheme} value={scheme}>
          {t(`app.theme.${scheme}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
