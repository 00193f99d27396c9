import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../i18n';
import { useShortcuts } from '../../kit';
import { emptyWorkplace, queryClient } from '../../sync';
import { OwnKeys } from './OwnKeys';
import { SidePanel } from './SidePanel';

const told = vi.hoisted(() => ({
  roles: new Set<string>(),
  replies: [] as unknown[],
  hotkeys: {} as Record<string, string>,
  changed: new Set<() => void>(),
}));

vi.mock('../../sync', async (original) => {
  const { useSyncExternalStore } = await import('react');
  const prefer = (change: { hotkeys: Record<string, string> }) => {
    told.hotkeys = change.hotkeys;
    told.changed.forEach((listener) => listener());
  };
  const listen = (listener: () => void) => {
    told.changed.add(listener);
    return () => told.changed.delete(listener);
  };
  return {
    ...(await original<object>()),
    useSession: () => ({ may: (role: string) => told.roles.has(role) }),
    usePreferences: () => [{ hotkeys: useSyncExternalStore(listen, () => told.hotkeys) }, prefer],
    desk: { reply: (...wish: unknown[]) => told.replies.push(wish) },
  };
});

const templates = [
  { templateId: 't1', title: 'Приветствие', text: 'Здравствуйте!' },
  { templateId: 't2', title: 'Прощание', text: 'Всего доброго!' },
];
const phrases = [{ phraseId: 'p1', text: 'Минуту, уточняю.' }, { phraseId: 'p2', text: 'Ещё немного терпения.' }];

beforeEach(() => {
  told.roles.clear();
  told.replies = [];
  told.hotkeys = {};
  queryClient.clear();
  queryClient.setQueryData(['workplace'], { ...emptyWorkplace, templates, phrases });
});

function Page(props: { onInsert: (text: string) => void; open?: boolean; conversationId?: string }) {
  useShortcuts();
  return <SidePanel conversationId="k1" {...props} />;
}

function show(props: { open?: boolean; conversationId?: string } = {}) {
  const onInsert = vi.fn();
  render(<MantineProvider env="test"><LocaleProvider initial="ru"><Page onInsert={onInsert} {...props} /></LocaleProvider></MantineProvider>);
  return { onInsert, user: userEvent.setup() };
}

const act = async (user: ReturnType<typeof userEvent.setup>, title: string, name: string) => {
  await user.click(screen.getByRole('button', { name: `Действия с шаблоном «${title}»` }));
  await user.click(await screen.findByRole('menuitem', { name }));
};

describe('templates', () => {
  it('are found and inserted', async () => {
    const { user, onInsert } = show();
    await user.type(screen.getByRole('searchbox', { name: 'Поиск по шаблонам' }), 'доброго');
    expect(screen.queryByText('Приветствие')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: /Вставить шаблон:.*Прощание/ }));
    expect(onInsert).toHaveBeenCalledWith('Всего доброго!');
  });

  it('do nothing without a conversation, and say why', async () => {
    const { user, onInsert } = show({ conversationId: '' });
    const press = screen.getByRole('button', { name: /Вставить шаблон:.*Прощание/ });
    expect(press).toHaveAttribute('title', 'Откройте обращение, чтобы вставить шаблон');
    await user.click(press);
    expect(onInsert).not.toHaveBeenCalled();
  });

  it('are not for everybody to change', async () => {
    const { user } = show();
    expect(screen.queryByRole('button', { name: 'Добавить шаблон' })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Действия с шаблоном «Прощание»' }));
    await screen.findByRole('menuitem', { name: 'Создать комбинацию' });
    expect(screen.getAllByRole('menuitem')).toHaveLength(1);
  });

  it('are changed with all that the server knows of them', async () => {
    told.roles.add('modify_configuration');
    const sent: unknown[] = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const kept = { template_id: 't2', title: 'Прощание', text: 'Всего доброго!', center_id: 'north', line_id: 'cards', language: 'ru', revision: 7 };
      if (init.method === 'PUT') sent.push({ url, body: JSON.parse(init.body as string), revision: new Headers(init.headers).get('If-Match') });
      return new Response(JSON.stringify(url.startsWith('/api/v1/workplace') ? { templates, phrases } : kept));
    });
    const { user } = show();
    await act(user, 'Прощание', 'Изменить шаблон');
    const text = await screen.findByLabelText(/Текст ответа/);
    await user.clear(text);
    await user.click(screen.getByRole('button', { name: 'Сохранить шаблон' }));
    expect(text).toHaveAccessibleDescription('Заполните это поле');
    await user.type(text, 'До встречи!');
    await user.click(screen.getByRole('button', { name: 'Сохранить шаблон' }));
    await waitFor(() => expect(sent).toEqual([{
      url: '/api/v1/templates/t2', revision: '"7"',
      body: { title: 'Прощание', text: 'До встречи!', center_id: 'north', line_id: 'cards', language: 'ru' },
    }]));
  });
});

describe('a combination', () => {
  it('is caught by the physical key, shown at its template, and works in the Russian layout', async () => {
    const { user, onInsert } = show();
    await act(user, 'Приветствие', 'Создать комбинацию');
    const second = await screen.findByLabelText('Вторая клавиша');
    fireEvent.keyDown(second, { key: 'п', code: 'KeyG' });
    expect(second).toHaveValue('G');
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(told.hotkeys).toEqual({ t1: 'Alt+KeyG' });
    const item = await screen.findByRole('button', { name: /Вставить шаблон:.*Приветствие/ });
    expect(item).toHaveAttribute('aria-keyshortcuts', 'Alt+G');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    fireEvent.keyDown(document.body, { key: 'п', code: 'KeyG', altKey: true });
    expect(onInsert).toHaveBeenCalledExactlyOnceWith('Здравствуйте!');
    fireEvent.keyDown(document.body, { key: 'п', code: 'KeyG' });
    expect(onInsert).toHaveBeenCalledOnce();
  });

  it('works while the panel is closed, and not without a conversation', () => {
    told.hotkeys = { t2: 'Ctrl+Shift+KeyL' };
    const { onInsert } = show({ open: false });
    expect(screen.queryByRole('complementary')).not.toBeInTheDocument();
    fireEvent.keyDown(document.body, { key: 'Д', code: 'KeyL', ctrlKey: true, shiftKey: true });
    expect(onInsert).toHaveBeenCalledWith('Всего доброго!');
  });

  it('of another template is refused with its name, and nothing is kept', async () => {
    told.hotkeys = { t2: 'Alt+KeyG' };
    const { user } = show();
    await act(user, 'Приветствие', 'Создать комбинацию');
    fireEvent.keyDown(await screen.findByLabelText('Вторая клавиша'), { key: 'g', code: 'KeyG' });
    expect(screen.getByRole('alert')).toHaveTextContent('Комбинация Alt + G уже у шаблона «Прощание»');
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(told.hotkeys).toEqual({ t2: 'Alt+KeyG' });
    expect(screen.getByRole('dialog')).toBeInTheDocument();
  });

  it('needs a key that types something', async () => {
    const { user } = show();
    await act(user, 'Приветствие', 'Создать комбинацию');
    const second = await screen.findByLabelText('Вторая клавиша');
    fireEvent.keyDown(second, { key: 'F4', code: 'F4' });
    expect(screen.getByRole('alert')).toHaveTextContent('Эта клавиша не подходит');
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Нажмите вторую клавишу');
    expect(told.hotkeys).toEqual({});
  });

  it('is changed and deleted', async () => {
    told.hotkeys = { t1: 'Ctrl+KeyM', t2: 'Alt+KeyG' };
    const { user } = show();
    await act(user, 'Приветствие', 'Изменить комбинацию');
    const second = await screen.findByLabelText('Вторая клавиша');
    expect(second).toHaveValue('M');
    fireEvent.keyDown(second, { key: 'и', code: 'KeyB' });
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(told.hotkeys).toEqual({ t1: 'Ctrl+KeyB', t2: 'Alt+KeyG' });
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    await act(user, 'Приветствие', 'Удалить комбинацию');
    expect(told.hotkeys).toEqual({ t2: 'Alt+KeyG' });
  });
});

describe('hold', () => {
  it('sends the chosen phrase straight out and inserts nothing', async () => {
    const { user, onInsert } = show();
    const hold = within(screen.getByRole('region', { name: 'Удержание (HOLD)' }));
    const send = hold.getByRole('button', { name: 'Отправить фразу' });
    expect(send).toHaveAttribute('aria-disabled', 'true');
    await user.click(hold.getByRole('combobox'));
    await user.click(await screen.findByRole('option', { name: 'Ещё немного терпения.' }));
    await user.click(send);
    expect(told.replies).toEqual([['k1', { text: 'Ещё немного терпения.', phrase: true }]]);
    expect(onInsert).not.toHaveBeenCalled();
    await user.click(send);
    expect(told.replies).toHaveLength(1);
  });
});

describe('the own keys in the profile', () => {
  const showKeys = () => {
    render(<MantineProvider env="test"><LocaleProvider initial="ru"><OwnKeys /></LocaleProvider></MantineProvider>);
    return userEvent.setup();
  };

  it('are listed with what they insert, changed and deleted', async () => {
    told.hotkeys = { t1: 'Alt+KeyG', gone: 'Alt+KeyP' };
    const user = showKeys();
    const rows = () => within(screen.getByRole('list', { name: 'Свои комбинации' })).getAllByRole('listitem');
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toHaveTextContent('ПриветствиеЗдравствуйте!Alt + G');
    await user.click(screen.getByRole('button', { name: 'Изменить комбинацию шаблона «Приветствие»' }));
    fireEvent.keyDown(await screen.findByLabelText('Вторая клавиша'), { key: 'и', code: 'KeyB' });
    fireEvent.keyDown(screen.getByLabelText('Вторая клавиша'), { key: 'о', code: 'KeyJ' });
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(told.hotkeys.t1).toBe('Alt+KeyJ');
    await user.click(screen.getByRole('button', { name: 'Удалить комбинацию шаблона «Приветствие»' }));
    expect(told.hotkeys).not.toHaveProperty('t1');
    expect(screen.queryByRole('list', { name: 'Свои комбинации' })).not.toBeInTheDocument();
  });

  it('are added from the templates that have none', async () => {
    told.hotkeys = { t1: 'Alt+KeyG' };
    const user = showKeys();
    await user.click(screen.getByRole('combobox', { name: 'Добавить комбинацию' }));
    expect(screen.queryByRole('option', { name: 'Приветствие' })).not.toBeInTheDocument();
    await user.click(await screen.findByRole('option', { name: 'Прощание' }));
    fireEvent.keyDown(await screen.findByLabelText('Вторая клавиша'), { key: 'о', code: 'KeyJ' });
    await user.click(screen.getByRole('button', { name: 'Сохранить комбинацию' }));
    expect(told.hotkeys).toEqual({ t1: 'Alt+KeyG', t2: 'Alt+KeyJ' });
  });
});
