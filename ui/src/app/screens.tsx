/** The screens, their addresses and who sees them. A screen that is not here has no entry in the menu. */
import { lazy, type ComponentType } from 'react';
import type { Key } from '../i18n';
import { AgentIcon, ApiIcon, BookIcon, ClockIcon, FiguresIcon, InboxIcon, LearnIcon, MessagesIcon, MonitorIcon, NoteIcon, SearchIcon, SettingsIcon, TagIcon, UsersIcon, WorldIcon } from '../kit/icons';

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
  /** Who has this role finds it as a part of another screen. */
  unless?: string;
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
    path: '/monitoring',
    pattern: '/monitoring/*?',
    label: 'app.menu.monitoring',
    icon: MonitorIcon,
    roles: ['view_monitoring'],
    page: lazy(() => import('./wall')),
  },
  {
    path: '/history',
    pattern: '/history/*?',
    label: 'app.menu.history',
    icon: SearchIcon,
    roles: ['view_dialogs_search'],
    page: lazy(() => import('./history')),
  },
  {
    path: '/statistics',
    pattern: '/statistics',
    label: 'app.menu.statistics',
    icon: FiguresIcon,
    roles: ['view_stat'],
    page: lazy(() => import('../features/statistics/StatisticsPage')),
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
    path: '/knowledge/surveys',
    pattern: '/knowledge/surveys',
    label: 'app.menu.surveys',
    icon: NoteIcon,
    roles: ['view_stat', 'view_dialogs_search'],
    unless: 'modify_knowledgebase',
    page: lazy(() => import('../features/knowledge/surveys/SurveysPage')),
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
    path: '/users',
    pattern: '/users/*?',
    label: 'app.menu.users',
    icon: UsersIcon,
    roles: ['view_users', 'modify_users'],
    setUp: true,
    page: lazy(() => import('./users')),
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
    path: '/organisation',
    pattern: '/organisation/*?',
    label: 'app.menu.organisation',
    icon: InboxIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/organisation/OrganisationPage')),
  },
  {
    path: '/topics',
    pattern: '/topics/*?',
    label: 'app.menu.topics',
    icon: TagIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/topics/TopicsPage')),
  },
  {
    path: '/programs',
    pattern: '/programs/*?',
    label: 'app.menu.programs',
    icon: ApiIcon,
    roles: ['modify_users'],
    setUp: true,
    page: lazy(() => import('../features/programs/ProgramsPage')),
  },
  {
    path: '/settings',
    pattern: '/settings/*?',
    label: 'app.menu.settings',
    icon: SettingsIcon,
    roles: ['modify_configuration'],
    setUp: true,
    page: lazy(() => import('../features/settings/SettingsPage')),
  },
  {
    path: '/audit',
    pattern: '/audit/*?',
    label: 'app.menu.audit',
    icon: ClockIcon,
    roles: ['admin'],
    setUp: true,
    page: lazy(() => import('../features/audit/AuditPage')),
  },
];

export const Profile = lazy(() => import('./profile'));
export const Welcome = lazy(() => import('../features/welcome/Welcome'));

export function allowed(may: (role: string) => boolean): Screen[] {
  return screens.filter((s) => (s.roles.length === 0 || (s.all ? s.roles.every(may) : s.roles.some(may))) && !(s.unless && may(s.unless)));
}
