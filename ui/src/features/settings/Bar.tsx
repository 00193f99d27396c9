/** What is not saved yet, and whom it will concern. */
import { Button } from '@mantine/core';
import type { SettingsForm } from '../../sync/settings';
import { concerned, type Draft } from './draft';
import { useWords } from './text';
import classes from './settings.module.css';

export function Bar({ form, draft, busy, drop }: { form: SettingsForm; draft: Draft; busy: boolean; drop: () => void }) {
  const { t } = useWords();
  const count = Object.keys(draft).length;
  if (count === 0) return null;
  const { now, opened, night } = concerned(form, draft);
  const told = [now > 0 && t('settings.bar.now', { count: now }), opened > 0 && t('settings.bar.opened', { count: opened }), night && t('settings.bar.night')].filter(Boolean);
  return (
    <section className={classes.bar} aria-label={t('settings.bar')}>
      <div role="status" className={classes.told}>
        <strong>{t('settings.bar.changed', { count })}</strong>
        <span>{told.length > 0 ? `${told.join('. ')}.` : `${t('settings.bar.nobody')}.`}</span>
      </div>
      <div className={classes.does}>
        <Button variant="default" disabled={busy} onClick={drop}>{t('settings.drop')}</Button>
        <Button type="submit" loading={busy}>{t('settings.save')}</Button>
      </div>
    </section>
  );
}
