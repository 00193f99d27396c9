import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../i18n';
import { sound } from '../kit';
import type { Conversation, News, Preferences } from '../sync';
import { Looks } from './App';
import { Banners } from './Banners';
import { Boundary } from './Boundary';
import { asked } from './Gate';
import { PresenceSelect } from './header/PresenceSelect';
import { Sections } from './header/Sections';
import { givesBack, nextOf } from './header/usePresence';
import { iconWith, titleWith } from './notices/badge';
import { wanted } from './notices/wanted';

const sync = vi.hoisted(() => ({ state: {} as Record<string, unknown>, setPresence: vi.fn(async () => {}), takeOver: vi.fn() }));
vi.mock('../sync', async (original) => ({
  ...(await original<object>()),
  useDesk: () => sync.state.desk,
  useNow: () => 100_000,
  useConnection: () => ({ state: sync.state.connection, since: sync.state.since, takeOver: sync.takeOver }),
  useNewVersion: () => sync.state.fresh,
  useSession: () => ({ may: (role: string) => (sync.state.roles as string[]).includes(role) }),
  desk: { setPresence: sync.setPresence },
}));

const show = (node: React.ReactNode) =>
  render(
    <LocaleProvider>
      <Looks>{node}</Looks>
    </LocaleProvider>,
  );

beforeEach(() => {
  sync.state = { connection: 'live', since: 0, fresh: false, desk: { presence: 'ONLINE', since: 40_000, conversations: ['a', 'b'] } };
});

describe('after signing in', () => {
  it.each([
    ['', '/'],
    ['to=%2Fwork%2Fc-1', '/work/c-1'],
    ['to=https%3A%2F%2Fevil.example', '/'],
    ['to=%2F%2Fevil.example', '/'],
    ['to=%2F%5Cevil.example', '/'],
    ['to=%2Fsignin', '/'],
  ])('%s leads to %s', (search, path) => expect(asked(search)).toBe(path));
});

describe('sections', () => {
  it('stand side by side for who has few', () => {
    sync.state.roles = ['modify_knowledgebase'];
    show(<Sections />);
    expect(screen.getByRole('link', { name: 'База знаний' })).toBeVisible();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('that set something up are behind one button for who has many', async () => {
    sync.state.roles = ['modify_knowledgebase', 'modify_configuration'];
    show(<Sections />);
    expect(screen.queryByRole('link', { name: 'Каналы' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Администрирование' }));
    expect(await screen.findByRole('menuitem', { name: 'Каналы' })).toHaveAttribute('href', '/channels');
  });
});

describe('status', () => {
  it('cannot be changed without a line, and says why', async () => {
    sync.state.connection = 'lost';
    show(<PresenceSelect />);
    const button = screen.getByRole('button', { name: /Статус: В сети/ });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('data-hint', 'Статус можно сменить, когда связь вернётся');
    await userEvent.click(button);
    expect(screen.queryByRole('menuitem')).not.toBeInTheDocument();
  });

  it('shows the time in it, and what goes back to the queue before it does', async () => {
    show(<PresenceSelect />);
    const button = screen.getByRole('button', { name: /Статус: В сети/ });
    expect(button).toHaveTextContent('01:00');
    await userEvent.click(button);
    const lunch = await screen.findByRole('menuitem', { name: /Обед/ });
    expect(lunch).toHaveTextContent('2 обращения вернутся в очередь');
    expect(screen.getByRole('menuitem', { name: /Невидимый/ })).not.toHaveTextContent('вернутся');
    await userEvent.click(lunch);
    expect(sync.setPresence).toHaveBeenCalledWith('LUNCH');
  });

  it('goes from «Невидимый» only out of the net', () => {
    expect(nextOf('INVISIBLE')).toEqual(['OFFLINE']);
    expect(nextOf('ONLINE')).toEqual(['OFFLINE', 'INVISIBLE', 'LUNCH', 'TRAINING']);
    expect(givesBack('INVISIBLE')).toBe(false);
    expect(givesBack('OFFLINE')).toBe(true);
  });

  it('is not there for one who is no operator', () => {
    sync.state.desk = null;
    show(<PresenceSelect />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('banners', () => {
  it('tell of a lost line after two seconds', () => {
    Object.assign(sync.state, { connection: 'lost', since: 99_000 });
    const { unmount } = show(<Banners />);
    expect(screen.queryByText(/Нет связи/)).toBeNull();
    unmount();
    sync.state.since = 98_000;
    show(<Banners />);
    expect(screen.getByRole('status')).toHaveTextContent('Нет связи, сообщения уйдут автоматически');
  });

  it('offer to work here', async () => {
    sync.state.connection = 'replaced';
    show(<Banners />);
    await userEvent.click(screen.getByRole('button', { name: 'Работать здесь' }));
    expect(sync.takeOver).toHaveBeenCalledOnce();
  });

  it('offer the new version and do not reload by themselves', () => {
    sync.state.fresh = true;
    show(<Banners />);
    expect(screen.getByRole('button', { name: 'Обновить' })).toBeInTheDocument();
  });
});

describe('notices', () => {
  const preferences = { soundAssigned: true, soundMessage: true, notifyAssigned: false, notifyMessage: true } as Preferences;
  const conversation = { id: 'c-1', customerName: 'Иван' } as Conversation;
  const message = { is: 'message', conversation, message: { content: { text: 'Здравствуйте' } } } as News;
  const assigned: News = { is: 'assigned', conversation };
  const away = { open: false, assignments: true };

  it('are told as the person wants', () => {
    expect(wanted(message, preferences, away)).toEqual({
      sound: 'message',
      desktop: { is: 'message', id: 'c-1', name: 'Иван', text: 'Здравствуйте' },
    });
    expect(wanted(assigned, preferences, away)).toEqual({ sound: 'assigned', desktop: undefined });
  });

  it('are silent for the open conversation, for what has left, and where the center wants none', () => {
    expect(wanted(message, preferences, { ...away, open: true })).toEqual({});
    expect(wanted({ is: 'left', conversation }, preferences, away)).toEqual({});
    expect(wanted(assigned, preferences, { ...away, assignments: false })).toEqual({});
  });

  it('sound once in two seconds', () => {
    expect([sound('message', 10_000), sound('assigned', 11_999), sound('message', 12_000)]).toEqual([true, false, true]);
  });

  it('number the tab', () => {
    expect(titleWith(3, 'CraftTalk')).toBe('(3) CraftTalk');
    expect(titleWith(0, 'CraftTalk')).toBe('CraftTalk');
    expect(iconWith(0)).toBe('/favicon.svg');
    expect(decodeURIComponent(iconWith(120))).toContain('>99</text>');
  });
});

it('a broken part leaves words and a way on', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const Broken = () => {
    throw new Error('no');
  };
  show(
    <Boundary>
      <Broken />
    </Boundary>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent('Что-то сломалось');
  expect(screen.getByRole('button', { name: 'Обновить' })).toBeInTheDocument();
});
