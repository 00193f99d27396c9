/** The screens, their addresses and who sees them. A screen that is not here has no entry in the menu. */
import { lazy, type ComponentType } from 'react';
import type { Key } from '../i18n';
import { AgentIcon, BookIcon, LearnIcon, MessagesIcon, SettingsIcon, TagIcon, WorldIcon } from '../kit/icons';

export interface Screen {
  path: string;
  /** Of the router: the screen's own places lie below its path. */
  pattern: string;
  label: Key;
  icon: ComponentType<{ size?: number | string }>;
  /** Any of these roles opens it; nobody needs one if there are none. */
  roles: readonly string[];
  /** It is opened now and then, to set something up. */
  setUp?: boolean;
  /** It takes all of them. */
  all?: boolean;
  page: ComponentType;
}

export const screens: readonly Screen[] = [
  {
    path: '/work',
    pattern: '/work/*?',
    label: 'app.menu.work',
    icon: MessagesIcon,
    roles: [],
    page: lazy(() => import('./work')),
  },
  {
    path: '/knowledge',
    pattern: '/knowledge/*?',
    label: 'app.menu.knowledge',
    icon: BookIcon,
    roles: ['modify_knowledgebase'],
    page: lazy(() => import('../features/knowledge/KnowledgePage')),
  },
  {
    path: '/bot',
    pattern: '/bot/*?',
    label: 'app.menu.bot',
    icon: LearnIcon,
    roles: ['modify_knowledgebase'],
    setUp: true,
    page: lazy(() => import('../features/bot/BotPage')),
  },
  {
    path: '/reviews',
    pattern: '/reviews/*?',
    label: 'app.menu.reviews',
    icon: TagIcon,
    roles: ['modify_knowledgebase', 'view_dialogs_search'],
    all: true,
    setUp: true,
    page: lazy(() => import('../features/reviews/ReviewsPage')),
  },
  {
    path: '/channels',
    pattern: '/channels',
    label: 'app.menu.channels',
    icon: WorldIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/channels/ChannelsPage')),
  },
  {
    path: '/agents',
    pattern: '/agents/*?',
    label: 'app.menu.agents',
    icon: AgentIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/agents/AgentsPage')),
  },
  {
    path: '/settings',
    pattern: '/settings',
    label: 'app.menu.settings',
    icon: SettingsIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/settings/SettingsPage')),
  },
];

export const Profile = lazy(() => import('./profile'));
export const Welcome = lazy(() => import('../features/welcome/Welcome'));

export function allowed(may: (role: string) => boolean): Screen[] {
  return screens.filter((s) => s.roles.length === 0 || (s.all ? s.roles.every(may) : s.roles.some(may)));
}
