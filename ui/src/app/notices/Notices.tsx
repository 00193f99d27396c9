/**
 * Tells the operator of what is new: a sound, a word on the desktop, a number
 * in the tab. It shows nothing itself, moves no focus and opens nothing.
 */
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../../i18n';
import { onNews, useConversations, usePreferences, useWorkplace, type News } from '../../sync';
import { showBadge } from './badge';
import { sound, unlock } from '../../kit';
import { wanted, type Wanted } from './wanted';

export function Notices() {
  const { t } = useText();
  const [preferences] = usePreferences();
  const { settings } = useWorkplace();
  const [path, go] = useLocation();
  useEffect(unlock, []);

  const tell = useRef<(news: News) => void>(() => {});
  tell.current = (news) => {
    const open = document.hasFocus() && path === `/work/${news.conversation.id}`;
    const what = wanted(news, preferences, { open, assignments: settings.notifyAssign });
    if (what.sound) sound(what.sound);
    if (what.desktop) notify(what.desktop);
  };
  useEffect(() => onNews((news) => tell.current(news)), []);

  function notify({ is, name, text, id }: NonNullable<Wanted['desktop']>): void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const title = is === 'assigned' ? t('app.notice.assigned') : t('app.notice.message', { name });
    const body = is === 'assigned' ? name : text || t('app.notice.file');
    const shown = new Notification(title, { body, tag: id, icon: '/favicon.svg', silent: true });
    shown.onclick = () => {
      window.focus();
      go(`/work/${id}`);
      shown.close();
    };
  }

  return <Badge />;
}

function Badge() {
  const { t } = useText();
  const count = useConversations().reduce((sum, c) => sum + c.unanswered, 0);
  useEffect(() => showBadge(count, t('app.name')), [count, t]);
  useEffect(() => () => showBadge(0, t('app.name')), [t]);
  return null;
}
