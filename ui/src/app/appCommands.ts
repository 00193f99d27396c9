/** What can be done on every screen. */
import { spotlight } from '@mantine/spotlight';
import { useMemo, useRef } from 'react';
import { useText } from '../i18n';
import { go, leave, useCommands, useShortcuts, type Command } from '../kit';
import { canSetUp } from '../features/welcome/newcomer';
import { useSession } from '../sync';
import { allowed } from './screens';
import { usePresence } from './header/usePresence';

export function useAppCommands(openKeys: () => void): void {
  const { t } = useText();
  const { roles, signOut } = useSession();
  const presence = usePresence();
  const open = useRef(openKeys);
  open.current = openKeys;

  const commands = useMemo<Command[]>(() => {
    const group = t('app.group.app');
    return [
      { id: 'app.palette', group, label: t('app.palette'), run: () => spotlight.toggle(), hidden: true, always: true },
      { id: 'app.keys', group, label: t('app.keys'), run: () => open.current() },
      ...allowed((role) => roles.has(role)).map((s) => ({ id: `app${s.path}`, group: t('app.menu'), label: t(s.label), run: () => go(s.path) })),
      ...presence.options.map((p) => ({
        id: `app.presence.${p}`,
        group: t('app.presence'),
        label: t('app.presence.set', { name: t(`app.presence.${p}`) }),
        run: () => presence.set(p),
      })),
      { id: 'app.profile', group, label: t('app.profile'), run: () => go('/profile') },
      ...(canSetUp((role) => roles.has(role)) ? [{ id: 'app.welcome', group, label: t('app.welcome'), run: () => go('/welcome') }] : []),
      { id: 'app.signout', group, label: t('app.signout'), run: () => leave(() => void signOut()) },
    ];
  }, [t, roles, signOut, presence]);
  useCommands(commands);
  useShortcuts();
}
