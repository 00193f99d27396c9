/** The person: settings, language, looks, keys, the way out. */
import { Menu, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import type { ComponentType } from 'react';
import { useLocation } from 'wouter';
import { locales, useText } from '../../i18n';
import { Avatar, runCommand } from '../../kit';
import { CheckIcon, KeyboardIcon, MoonIcon, ProfileIcon, SignOutIcon, SunIcon, SystemIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import classes from './Header.module.css';

export const schemes: readonly [MantineColorScheme, ComponentType<{ size?: number | string }>][] = [
  ['light', SunIcon],
  ['dark', MoonIcon],
  ['auto', SystemIcon],
];

export function fullName(user: { firstName: string; lastName: string; login: string }): string {
  return [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login;
}

export function PersonMenu() {
  const { t } = useText();
  const [, go] = useLocation();
  const { user, signOut } = useSession();
  if (!user) return null;
  const name = fullName(user);
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.person} aria-label={t('app.profile.menu', { name })}>
          <Avatar name={name} id={user.userId} size={30} />
          <Text size="sm" className={classes.name}>
            {name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<ProfileIcon size={16} />} onClick={() => go('/profile')}>
          {t('app.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<KeyboardIcon size={16} />} onClick={() => runCommand('app.keys')}>
          {t('app.keys')}
        </Menu.Item>
        <Menu.Divider />
        <Languages />
        <Menu.Divider />
        <Schemes />
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void signOut()}>
          {t('app.signout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Languages() {
  const { t, locale, setLocale } = useText();
  return (
    <>
      <Menu.Label>{t('app.language')}</Menu.Label>
      {locales.map((l) => (
        <Choice key={l} on={l === locale} onClick={() => setLocale(l)} lang={l}>
          {t(`app.language.${l}`)}
        </Choice>
      ))}
    </>
  );
}

function Schemes() {
  const { t } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t('app.theme')}</Menu.Label>
      {schemes.map(([scheme, Icon]) => (
        <Choice key={scheme} on={scheme === colorScheme} icon={<Icon size={16} />} onClick={() => setColorScheme(scheme)}>
          {t(`app.theme.${scheme}`)}
        </Choice>
      ))}
    </>
  );
}

interface ChoiceProps {
  on: boolean;
  onClick: () => void;
  icon?: React.ReactNode;
  lang?: string;
  children: string;
}

function Choice({ on, icon, children, ...rest }: ChoiceProps) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={on}
      closeMenuOnClick={false}
      leftSection={icon}
      rightSection={on ? <CheckIcon size={16} aria-hidden /> : undefined}
      {...rest}
    >
      {children}
    </Menu.Item>
  );
}
